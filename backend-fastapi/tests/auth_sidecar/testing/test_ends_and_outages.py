"""What happens to a made-up user: the session ends, or the auth server is taken away."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from auth_sidecar.testing import SignedInUser, as_nobody, as_user, auth_server_unavailable
from tests.auth_sidecar.sessions.streaming_service import connected
from tests.support.example_service import running
from tests.support.fake_auth_server import FakeUser


@pytest.mark.parametrize(("end", "code"), [("sign_out", "SESSION_EXPIRED"), ("ban", "BANNED_USER")])
async def test_a_session_that_has_ended_is_refused_and_an_optional_user_is_told(
    app: FastAPI, client: httpx.AsyncClient, end: str, code: str
) -> None:
    with as_user(app) as ada:
        getattr(ada, end)()

        assert (await client.get("/me")).json()["code"] == code
        assert (await client.get("/home")).status_code == 401
        assert (await client.get("/home", headers=ada.cookie)).json() == "guest"


async def test_a_stream_hears_of_the_end_of_its_session(app: FastAPI, client: httpx.AsyncClient) -> None:
    with as_user(app, name="Ada") as ada:
        ada.sign_out_when_watched()
        async with asyncio.timeout(5):
            response = await client.get("/events")

        assert response.text.splitlines() == ["hello Ada", "['signed-out']"]
        assert (await client.get("/me")).status_code == 401


async def test_a_websocket_is_closed_in_the_middle(app: FastAPI) -> None:
    with as_user(app) as ada, as_user(app) as bob:
        async with (
            app.router.lifespan_context(app),
            connected(app, _as_fake(ada)) as adas,
            connected(app, _as_fake(bob)) as bobs,
        ):
            assert [(await one.next())["text"] for one in (adas, bobs)] == [ada.user.id, bob.user.id]
            assert await adas.echo() == "x"

            ada.sign_out()

            assert await adas.next() == {"type": "websocket.close", "code": 4401, "reason": "session ended"}
            assert await bobs.echo() == "x"


def _as_fake(user: SignedInUser) -> FakeUser:
    """For `connected`, which sends the cookie of this token, from a page of ORIGIN."""
    return FakeUser(token=user.token)


async def test_an_outage_is_a_503_until_it_is_over(app: FastAPI, client: httpx.AsyncClient) -> None:
    with as_user(app) as ada:
        with auth_server_unavailable(app):
            during = [await client.get(path) for path in ("/me", "/home", "/verified")]
            with auth_server_unavailable(app):
                pass
            assert (await client.get("/me")).status_code == 503
            with as_nobody(app):
                assert (await client.get("/me")).status_code == 401
        after = await client.get("/me")

    assert {(one.status_code, one.json()["code"], one.headers["retry-after"]) for one in during} == {
        (503, "AUTH_SERVER_UNAVAILABLE", "1")
    }
    assert after.json() == ada.user.id


async def test_an_outage_ends_no_stream_and_hides_no_sign_out(app: FastAPI) -> None:
    with as_user(app) as ada:
        async with running(app), connected(app, _as_fake(ada)) as socket:
            assert (await socket.next())["text"] == ada.user.id
            with auth_server_unavailable(app):
                ada.sign_out()
                assert await socket.echo() == "x"

            assert (await socket.next())["code"] == 4401
