"""app_users: one row for each user, as of now."""

import asyncio
import dataclasses
from typing import Any

import httpx
import psycopg
import pytest
from aiohttp import web
from psycopg.sql import SQL
from pydantic.alias_generators import to_camel

from app.users.model import AppUser, AppUserRow
from app.users.routes import Me
from auth_sidecar import User
from tests.support.database import Database
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, SignUp


def rows_of(database: Database, user: FakeUser) -> list[dict[str, Any]]:
    return database.rows(SQL("SELECT *, xmin::text, xmax::text FROM app_users WHERE user_id = %s"), user.id)


async def test_me_is_the_signed_in_users_own_row(api: httpx.AsyncClient, database: Database, sign_up: SignUp) -> None:
    ada = sign_up()

    response = await api.get("/api/me", headers=ada.bearer)

    (row,) = rows_of(database, ada)
    assert response.status_code == 200
    assert response.json() == {
        "id": str(row["id"]),
        "userId": ada.id,
        "email": ada.email,
        "name": "Ada",
        "createdAt": response.json()["createdAt"],
        "updatedAt": response.json()["createdAt"],
    }
    assert response.json()["createdAt"].endswith("Z")


async def test_cookie_and_bearer_are_the_same_user(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()

    by_bearer = await api.get("/api/me", headers=ada.bearer)
    by_cookie = await api.get("/api/me", headers=ada.cookie)

    assert by_bearer.json() == by_cookie.json()


async def test_fifty_racing_first_requests_make_one_row(
    api: httpx.AsyncClient, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()

    responses = await asyncio.gather(*(api.get("/api/me", headers=ada.bearer) for _ in range(50)))

    assert {response.status_code for response in responses} == {200}
    assert len({response.json()["id"] for response in responses}) == 1
    assert len(rows_of(database, ada)) == 1


async def test_a_changed_name_or_address_reaches_the_row_at_the_next_request(
    api: httpx.AsyncClient, auth_server: FakeAuthServer, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()
    before = (await api.get("/api/me", headers=ada.bearer)).json()
    await auth_server.change(ada, name="Ada Lovelace", email=f"new-{ada.email}")

    after = (await api.get("/api/me", headers=ada.bearer)).json()

    assert (after["name"], after["email"]) == (ada.name, ada.email)
    assert (after["id"], after["createdAt"]) == (before["id"], before["createdAt"])
    (row,) = rows_of(database, ada)
    assert row["updated_at"] > row["created_at"]


COPIED = sorted(({*AppUserRow.__table__.columns.keys()} & {*User.model_fields}) - {"id", "created_at", "updated_at"})
"""What app_users keeps of the auth server's user."""


@pytest.mark.parametrize("field", COPIED)
async def test_each_copied_field_follows_the_user(
    api: httpx.AsyncClient, auth_server: FakeAuthServer, database: Database, sign_up: SignUp, field: str
) -> None:
    ada = sign_up()
    await api.get("/api/me", headers=ada.bearer)
    changed = f"new-{ada.email}"
    await auth_server.change(ada, **{to_camel(field): changed})

    me = await api.get("/api/me", headers=ada.bearer)

    (row,) = rows_of(database, ada)
    assert (row[field], me.json()[to_camel(field)]) == (changed, changed)


def test_an_app_user_and_the_response_have_each_column_of_the_table() -> None:
    columns = {*AppUserRow.__table__.columns.keys()}

    assert {field.name for field in dataclasses.fields(AppUser)} == columns
    assert {*Me.model_fields} == columns


async def test_a_request_that_changes_nothing_writes_nothing(
    api: httpx.AsyncClient, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()
    await api.get("/api/me", headers=ada.bearer)
    before = rows_of(database, ada)

    await api.get("/api/me", headers=ada.bearer)

    assert rows_of(database, ada) == before  # xmin, xmax: neither the same values again nor a lock


async def test_racing_requests_with_a_new_name_write_it_once(
    api: httpx.AsyncClient, auth_server: FakeAuthServer, sign_up: SignUp
) -> None:
    ada = sign_up()
    await api.get("/api/me", headers=ada.bearer)
    await auth_server.change(ada, name="Ada Lovelace")

    responses = await asyncio.gather(*(api.get("/api/me", headers=ada.bearer) for _ in range(30)))

    assert {response.json()["name"] for response in responses} == {"Ada Lovelace"}
    assert len({response.json()["updatedAt"] for response in responses}) == 1


async def test_a_deleted_users_row_and_notes_are_gone(
    api: httpx.AsyncClient, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()
    await api.post("/api/notes", headers=ada.bearer, json={"text": "mine"})

    with database.admin() as admin:
        admin.execute('DELETE FROM "user" WHERE id = %s', [ada.id])

    assert rows_of(database, ada) == []
    assert database.rows(SQL("SELECT FROM notes WHERE text = %s"), "mine") == []


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/me"), ("POST", "/api/notes")])
async def test_a_user_deleted_after_the_check_is_signed_out_and_never_comes_back(
    api: httpx.AsyncClient, auth_server: FakeAuthServer, database: Database, method: str, path: str
) -> None:
    gone = auth_server.sign_in(FakeUser(renews_cookie=True))  # and its row is no longer there

    async def respond_once(request: web.Request) -> web.StreamResponse:
        response = await auth_server.handle_well(request)
        gone.refused_with = "SESSION_EXPIRED"
        return response

    auth_server.misbehave = respond_once
    response = await api.request(method, path, headers=gone.bearer, json={"text": "late"})

    assert (response.status_code, response.json()["code"]) == (401, "SESSION_EXPIRED")
    assert response.headers["www-authenticate"] == "Bearer"
    assert len(auth_server.received) == 2
    assert rows_of(database, gone) == []


@pytest.mark.parametrize("credential", ["bearer", "cookie"])
async def test_a_user_of_another_database_is_not_signed_out(
    api: httpx.AsyncClient,
    auth_server: FakeAuthServer,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    credential: str,
) -> None:
    """Whoever deployed it has let the two services use different databases: nobody knows which of them is right."""
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))
    for _ in range(2):
        response = await api.get("/api/me", headers=getattr(ada, credential))
        assert (response.status_code, response.json()["code"]) == (503, "USER_UNKNOWN")
        assert response.headers["retry-after"] == "1"
        assert ("set-cookie" in response.headers) == (credential == "cookie")  # renewed, whatever comes of the rest
    assert len(auth_server.received) == 4
    assert [record.getMessage() for record in caplog.records if record.name == "auth_sidecar"] == [
        "the auth server knows a user whom the service's database does not: do both use one database?"
    ]

    with database.admin() as admin:
        admin.execute('INSERT INTO "user" (id) VALUES (%s)', [ada.id])

    assert (await api.get("/api/me", headers=ada.bearer)).status_code == 200


async def test_a_row_deleted_by_hand_is_made_again_at_the_retry(
    api: httpx.AsyncClient, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()

    async def note_without_row() -> httpx.Response:
        await api.get("/api/me", headers=ada.bearer)
        with database.admin() as admin:
            admin.execute("DELETE FROM app_users WHERE user_id = %s", [ada.id])
        return await api.post("/api/notes", headers=ada.bearer, json={"text": "kept"})

    async with asyncio.timeout(20):
        response = await note_without_row()
        while response.status_code == 201:  # not cached yet: each request finds or makes the row
            response = await note_without_row()

    assert (response.status_code, response.json()["code"], response.headers["retry-after"]) == (
        503,
        "APP_USER_GONE",
        "1",
    )
    again = await api.post("/api/notes", headers=ada.bearer, json={"text": "kept"})
    assert again.status_code == 201
    assert len(rows_of(database, ada)) == 1


async def test_the_backends_role_reads_nothing_of_the_auth_server_but_ids(database: Database) -> None:
    with database.admin() as admin:
        admin.execute("CREATE TABLE IF NOT EXISTS session (id text, token text)")
    with psycopg.connect(database.url) as backend, pytest.raises(psycopg.errors.InsufficientPrivilege):
        backend.execute("SELECT token FROM session")
