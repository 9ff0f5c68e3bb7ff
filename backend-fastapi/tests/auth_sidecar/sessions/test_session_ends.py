"""on_session_end(): whoever holds a request open is told when its session ends, and only then."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from auth_sidecar import AuthSidecar
from tests.auth_sidecar.auth_server.odd_bodies import iso
from tests.auth_sidecar.sessions.streaming_service import Socket, connected, create_service
from tests.support.example_service import ORIGIN, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, responding
from tests.support.timing import until, warm


@pytest.fixture
def app(auth: AuthSidecar) -> FastAPI:
    return create_service(auth)


@pytest.fixture
async def client(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    async with running(app) as client:
        yield client


async def test_a_sign_out_closes_the_socket_and_nobody_elses(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    async with connected(app, ada) as adas, connected(app, bob) as bobs:
        await auth_server.sign_out(ada)

        assert await adas.next() == {"type": "websocket.close", "code": 4401, "reason": "session ended"}
        assert await bobs.echo() == "x"
        assert auth.metrics().watched_sessions == 1

    assert auth.metrics().watched_sessions == 0


async def test_a_ban_closes_the_socket_and_a_new_name_does_not(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    async with connected(app, ada) as socket:
        asked = len(auth_server.received)
        await auth_server.change(ada, name="Ada Lovelace")
        await auth_server.asked(asked + 1)
        assert await socket.echo() == "x"

        ada.refused_with = "BANNED_USER"
        await auth_server.change(ada)

        assert (await socket.next())["code"] == 4401


async def test_what_ended_while_the_feed_was_unavailable_is_found_when_it_is_back(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    async with connected(app, ada) as socket:
        auth_server.feed.refuses_with = 503
        await auth_server.feed.drop()
        await until(lambda: not auth.metrics().feed_connected)
        await auth_server.sign_out(ada)
        assert await socket.echo() == "x"

        auth_server.feed.refuses_with = None

        assert (await socket.next())["code"] == 4401


async def test_what_ended_before_anybody_watched_is_found_too(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    """Between the check and on_session_end(), while the route waited for something."""
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    socket = Socket()

    async def end_session_first(message: Message) -> None:
        if message["type"] == "websocket.accept":
            await auth_server.sign_out(ada)
        await socket.from_app.put(message)

    headers = [(b"cookie", ada.cookie["cookie"].encode()), (b"origin", ORIGIN.encode())]
    scope = {"type": "websocket", "path": "/live", "headers": headers, "query_string": b"", "subprotocols": []}
    await socket.to_app.put({"type": "websocket.connect"})
    serving = asyncio.create_task(app(scope, socket.to_app.get, end_session_first))

    assert (await socket.next())["type"] == "websocket.accept"
    assert (await socket.next())["code"] == 4401
    await socket.to_app.put({"type": "websocket.disconnect", "code": 1000})
    await serving


async def test_an_outage_ends_nothing(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    async with connected(app, ada) as socket:
        auth_server.misbehave = responding(503)
        asked = len(auth_server.received)
        await auth_server.feed.tell({"type": "flush"})
        await auth_server.asked(asked + 2)
        assert await socket.echo() == "x"

        ada.refused_with = "SESSION_EXPIRED"
        auth_server.misbehave = None

        assert (await socket.next())["code"] == 4401


async def test_a_session_that_runs_out_closes_the_socket(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    bob = auth_server.sign_in(FakeUser())
    await warm(auth, client, bob.bearer)
    ada = auth_server.sign_in(FakeUser(expires_at=iso(seconds=1)))
    async with connected(app, ada) as socket:
        ada.refused_with = "SESSION_EXPIRED"

        assert (await socket.next())["code"] == 4401


async def test_many_streams_ask_a_few_at_a_time(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    """A flush rechecks all of them, and requests must not wait for that."""
    users = [auth_server.sign_in(FakeUser()) for _ in range(40)]
    await warm(auth, client, users[0].bearer)
    async with AsyncExitStack() as stack:
        for user in users:
            await stack.enter_async_context(connected(app, user))
        asked, auth_server.most_at_once = len(auth_server.received), 0
        await auth_server.feed.tell({"type": "flush"})
        await auth_server.asked(asked + len(users))

    assert auth_server.most_at_once <= 8


async def test_a_feed_that_is_only_half_there_is_noticed_without_any_request(
    client: httpx.AsyncClient, app: FastAPI, auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    async with connected(app, ada) as socket:
        auth_server.feed.is_silent = True
        ada.refused_with = "SESSION_EXPIRED"  # and nobody tells

        assert (await socket.next())["code"] == 4401


async def test_a_callback_that_fails_is_logged(
    client: httpx.AsyncClient,
    app: FastAPI,
    auth: AuthSidecar,
    auth_server: FakeAuthServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    async with connected(app, ada, "/broken"):
        await auth_server.sign_out(ada)

        await until(lambda: "a callback of on_session_end() failed" in caplog.messages)


async def test_a_request_without_a_user_has_no_session_that_could_end(client: httpx.AsyncClient) -> None:
    response = await client.get("/nobody")

    assert response.status_code == 500
