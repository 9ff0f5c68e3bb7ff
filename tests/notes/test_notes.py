"""Notes: everyone sees and deletes their own, and nobody else's."""

import uuid

import pytest

from stack.refusal import assert_refused
from stack.target import literal
from stack.visitors import ApiClient, Browser, User, Visitor


def _texts(visitor: Visitor) -> list[str]:
    return [note["text"] for note in visitor.api("GET", "/notes").raise_for_status().json()["notes"]]


def test_a_written_note_is_listed_and_a_deleted_one_is_not(visitor: Visitor, user: User) -> None:
    visitor.sign_up(user).raise_for_status()
    assert _texts(visitor) == []

    written = visitor.api("POST", "/notes", json={"text": "milk & <b>bread</b> 🥛"})
    assert written.status_code == 201
    assert set(written.json()) == {"id", "text", "createdAt"}
    assert _texts(visitor) == ["milk & <b>bread</b> 🥛"]

    assert visitor.api("DELETE", f"/notes/{written.json()['id']}").status_code == 204
    assert _texts(visitor) == []


def test_all_notes_are_deleted_for_who_has_just_signed_in(visitor: Visitor, user: User) -> None:
    visitor.sign_up(user).raise_for_status()
    for text in ("milk", "bread"):
        visitor.api("POST", "/notes", json={"text": text}).raise_for_status()
    user_id = visitor.session().json()["user"]["id"]

    visitor.stack.sql(
        f"""UPDATE session SET "createdAt" = "createdAt" - interval '11 minutes' WHERE "userId" = {literal(user_id)}"""
    )
    visitor.stack.settle()
    refused = visitor.api("DELETE", "/notes")
    assert_refused(refused, 403)
    assert refused.json()["code"] == "SESSION_NOT_FRESH"
    assert len(_texts(visitor)) == 2

    visitor.sign_in(user).raise_for_status()
    assert visitor.api("DELETE", "/notes").status_code == 204
    assert _texts(visitor) == []


def test_someone_elses_note_does_not_exist(browser: Browser, client: ApiClient) -> None:
    browser.sign_up(User()).raise_for_status()
    client.sign_up(User()).raise_for_status()
    note = browser.api("POST", "/notes", json={"text": "private"}).json()["id"]

    theirs = client.api("DELETE", f"/notes/{note}")
    nobodys = client.api("DELETE", f"/notes/{uuid.uuid4()}")

    assert_refused(theirs, 404)
    assert theirs.json() == nobodys.json()
    assert _texts(client) == []
    assert _texts(browser) == ["private"]


def test_a_long_list_is_read_page_by_page_without_gaps_or_repeats(client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()
    written = [f"note {number}" for number in range(25)]
    for text in written:
        client.api("POST", "/notes", json={"text": text}).raise_for_status()

    read: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.api("GET", "/notes", params={"limit": "10", **({"cursor": cursor} if cursor else {})}).json()
        read += [note["text"] for note in page["notes"]]
        cursor = page["nextCursor"]

    assert read == written[::-1]


@pytest.mark.parametrize("cursor", ["x", "0", "-1", "' OR 1=1", "%00", "🦊", "a" * 5000, "bnVsbA=="])
def test_a_tampered_cursor_is_refused(client: ApiClient, user: User, cursor: str) -> None:
    client.sign_up(user).raise_for_status()

    assert_refused(client.api("GET", "/notes", params={"cursor": cursor}), 400, 422)


@pytest.mark.parametrize(
    "text", ["", "x" * 100_000, None, 1, ["x"], {"a": 1}, "a\0b"], ids=lambda text: repr(text)[:12]
)
def test_what_is_no_note_is_refused(client: ApiClient, user: User, text: object) -> None:
    client.sign_up(user).raise_for_status()

    assert_refused(client.api("POST", "/notes", json={"text": text}), 400, 413, 422)

    assert _texts(client) == []
