"""Notes: list, create, delete, and only one's own."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.auth_sidecar.auth_server.odd_bodies import iso
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, SignUp

ORIGIN = "http://localhost:3000"


async def create(api: httpx.AsyncClient, user: FakeUser, text: str) -> dict[str, Any]:
    response = await api.post("/api/notes", headers=user.bearer, json={"text": text})
    assert response.status_code == 201
    return response.json()


async def texts_of(api: httpx.AsyncClient, user: FakeUser, cursor: str = "") -> list[str]:
    response = await api.get("/api/notes", headers=user.bearer, params={"cursor": cursor})
    assert response.status_code == 200
    return [note["text"] for note in response.json()["notes"]]


async def test_a_note_is_there_once_it_was_acknowledged(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()

    note = await create(api, ada, "buy milk")

    assert set(note) == {"id", "text", "createdAt"}
    assert (await api.get("/api/notes", headers=ada.bearer)).json() == {"notes": [note], "nextCursor": None}


async def test_notes_are_listed_newest_first(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()
    for text in "abc":
        await create(api, ada, text)

    assert await texts_of(api, ada) == ["c", "b", "a"]


async def test_every_note_is_on_one_page_and_no_more(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()
    for text in "abcdefg":
        await create(api, ada, text)

    pages: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await api.get("/api/notes", headers=ada.bearer, params={"limit": 3, "cursor": cursor})).json()
        pages.append("".join(note["text"] for note in page["notes"]))
        cursor = page["nextCursor"]

    assert pages == ["gfe", "dcb", "a"]


async def test_a_page_goes_on_where_it_ended_though_its_last_note_was_deleted(
    api: httpx.AsyncClient, sign_up: SignUp
) -> None:
    ada = sign_up()
    for text in "abcd":
        await create(api, ada, text)
    page = (await api.get("/api/notes", headers=ada.bearer, params={"limit": 2})).json()
    await api.delete(f"/api/notes/{page['notes'][-1]['id']}", headers=ada.bearer)

    assert await texts_of(api, ada, cursor=page["nextCursor"]) == ["b", "a"]


async def test_a_deleted_note_is_gone(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()
    note = await create(api, ada, "buy milk")

    gone = await api.delete(f"/api/notes/{note['id']}", headers=ada.bearer)
    again = await api.delete(f"/api/notes/{note['id']}", headers=ada.bearer)

    assert (gone.status_code, gone.content) == (204, b"")
    assert (again.status_code, again.json()["code"]) == (404, "NOT_FOUND")
    assert await texts_of(api, ada) == []


async def test_somebody_elses_notes_can_neither_be_seen_nor_deleted(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada, eve = sign_up(), sign_up()
    for text in "abc":
        await create(api, ada, text)
    page = (await api.get("/api/notes", headers=ada.bearer, params={"limit": 1})).json()

    assert await texts_of(api, eve) == []
    assert await texts_of(api, eve, cursor=page["nextCursor"]) == []
    stolen = await api.delete(f"/api/notes/{page['notes'][0]['id']}", headers=eve.bearer)
    unknown = await api.delete(f"/api/notes/{uuid.uuid4()}", headers=eve.bearer)
    assert (stolen.status_code, stolen.json()) == (unknown.status_code, unknown.json())
    assert await texts_of(api, ada) == ["c", "b", "a"]


async def test_of_racing_deletes_one_wins(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()
    note = await create(api, ada, "x")

    responses = await asyncio.gather(*(api.delete(f"/api/notes/{note['id']}", headers=ada.bearer) for _ in range(10)))

    assert sorted(response.status_code for response in responses) == [204, *[404] * 9]


@pytest.mark.parametrize("text", ["x", "x" * 2000, "🜁" * 2000, "é", "e\u0301", "\u202e\u2028\x1b[31m", "<b>'--", " "])
async def test_any_text_comes_back_as_it_was_sent(api: httpx.AsyncClient, sign_up: SignUp, text: str) -> None:
    ada = sign_up()

    assert (await create(api, ada, text))["text"] == text
    assert await texts_of(api, ada) == [text]


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": ""}',
        b'{"text": "' + b"x" * 2001 + b'"}',
        b'{"text": null}',
        b'{"text": 1}',
        b'{"text": ["x"]}',
        b'{"text": {"$ne": ""}}',
        b'{"Text": "x"}',
        b"{}",
        b"[]",
        b'"text"',
        b"null",
    ],
)
async def test_what_is_no_note_is_refused_without_repeating_it(
    api: httpx.AsyncClient, sign_up: SignUp, body: bytes
) -> None:
    ada = sign_up()

    response = await api.post("/api/notes", headers={**ada.bearer, "content-type": "application/json"}, content=body)

    assert (response.status_code, response.json()["code"]) == (422, "VALIDATION_ERROR")
    assert set(response.json()) == {"code", "message"}
    assert "x" * 20 not in response.text
    assert await texts_of(api, ada) == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=101",
        "limit=1e9",
        "limit=NaN",
        "limit=1;drop",
        "limit=%00",
        "limit=" + "9" * 5000,
        "cursor=x",
        "cursor=%00",
        "cursor=AAAAAAAAAAA",
        "cursor=" + "A" * 64,
        "cursor=" + "f" + "_" * 31,
        "cursor=%F0%9F%9C%81",
        "cursor=%FF",
    ],
)
async def test_a_tampered_limit_or_cursor_is_refused(api: httpx.AsyncClient, sign_up: SignUp, query: str) -> None:
    ada = sign_up()

    response = await api.get(f"/api/notes?{query}", headers=ada.bearer)

    assert (response.status_code, response.json()["code"]) == (422, "VALIDATION_ERROR")


@pytest.mark.parametrize("note_id", ["x", "%00", "1", "..%2F..", "00000000-0000-0000-0000-00000000000g", "%ED%A0%80"])
async def test_an_id_of_no_note_is_refused(api: httpx.AsyncClient, sign_up: SignUp, note_id: str) -> None:
    ada = sign_up()

    response = await api.delete(f"/api/notes/{note_id}", headers=ada.bearer)

    assert response.status_code in (404, 422)
    assert set(response.json()) == {"code", "message"}


async def test_what_a_client_may_not_choose_is_ignored(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada, eve = sign_up(), sign_up()
    chosen = {"text": "x", "id": str(uuid.uuid4()), "createdAt": "1970-01-01T00:00:00Z", "appUserId": eve.id}

    response = await api.post("/api/notes", headers=ada.bearer, json=chosen)

    assert response.json()["id"] != chosen["id"]
    assert not response.json()["createdAt"].startswith("1970")
    assert await texts_of(api, eve) == []


async def test_another_sites_page_can_neither_write_nor_delete_with_the_cookie(
    api: httpx.AsyncClient, sign_up: SignUp
) -> None:
    ada = sign_up()
    note = await create(api, ada, "kept")
    evil = {**ada.cookie, "origin": "https://evil.example"}

    for headers in (evil, ada.cookie, {**ada.cookie, "origin": "null"}):
        assert (await api.post("/api/notes", headers=headers, json={"text": "forged"})).status_code == 403
        assert (await api.delete(f"/api/notes/{note['id']}", headers=headers)).status_code == 403
    form = {**evil, "content-type": "text/plain"}
    assert (await api.post("/api/notes", headers=form, content=b'{"text": "forged"}')).status_code == 403

    assert await texts_of(api, ada) == ["kept"]
    assert (
        await api.post("/api/notes", headers={**ada.cookie, "origin": ORIGIN}, json={"text": "x"})
    ).status_code == 201


async def test_all_notes_are_deleted_for_who_has_just_signed_in_and_for_nobody_else(
    api: httpx.AsyncClient, sign_up: SignUp, auth_server: FakeAuthServer
) -> None:
    ada, eve = sign_up(), sign_up()
    await create(api, ada, "hers")
    for text in "ab":
        await create(api, eve, text)

    refused = await api.delete("/api/notes", headers={**eve.bearer, "x-request-id": "not-fresh-1"})
    await auth_server.change(eve, signed_in_at=iso())
    done = await api.delete("/api/notes", headers=eve.bearer)

    assert (refused.status_code, refused.headers["x-request-id"]) == (403, "not-fresh-1")
    assert refused.json() == {"code": "SESSION_NOT_FRESH", "message": "Sign in again to do this."}
    assert (done.status_code, done.content) == (204, b"")
    assert (await texts_of(api, eve), await texts_of(api, ada)) == ([], ["hers"])
    assert (await api.delete("/api/notes")).json()["code"] == "SESSION_REQUIRED"
