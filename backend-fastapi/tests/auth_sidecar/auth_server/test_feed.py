"""The feed of ended sessions: without it nothing comes from the cache, and it reconnects automatically."""

import asyncio

import httpx
import pytest

from auth_sidecar import AuthSidecar
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, serve
from tests.support.timing import until, warm


@pytest.mark.parametrize("status", [403, 404, 426, 500, 503])
async def test_while_the_feed_is_refused_every_request_asks(
    auth: AuthSidecar, auth_server: FakeAuthServer, status: int
) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth_server.feed.refuses_with = status

    async with running(create_service(auth)) as client:
        for asked in range(1, 6):
            assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
            assert len(auth_server.received) == asked
        metrics = auth.metrics()

    assert (metrics.cache_hits_total, metrics.cache_entries, metrics.feed_connected) == (0, 0, 0)


async def test_without_responses_to_pings_every_request_asks_and_the_connection_is_replaced(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth_server.feed.is_silent = True

    async with asyncio.timeout(20):
        while auth_server.feed.connections < 2:
            assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
            await asyncio.sleep(0.05)
    assert auth.metrics().cache_hits_total == 0

    auth_server.feed.is_silent = False
    await warm(auth, client, ada.bearer)


async def test_a_session_that_ended_while_the_feed_was_unavailable_is_refused(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)

    auth_server.feed.refuses_with = 503
    await auth_server.feed.drop()
    await until(lambda: not auth.metrics().feed_connected)
    await auth_server.sign_out(ada)
    auth_server.feed.refuses_with = None
    await warm(auth, client, bob.bearer)

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 401
    assert auth.metrics().feed_connections_total == 2


async def test_a_service_that_starts_before_the_auth_server_finds_it_automatically(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth_server.feed.refuses_with = 503
    async with running(create_service(auth)) as client:
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
        auth_server.feed.refuses_with = None

        await warm(auth, client, ada.bearer)


async def test_the_loss_of_the_feed_and_its_return_are_logged_once(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    await auth_server.feed.connected()
    auth_server.feed.refuses_with = 503
    await auth_server.feed.drop()
    await until(lambda: auth_server.feed.refusals >= 3)
    auth_server.feed.refuses_with = None
    await auth_server.feed.connected(2)
    await until(lambda: "the feed of ended sessions is back" in caplog.messages)

    lines = [record.getMessage() for record in caplog.records if record.name == "auth_sidecar"]

    assert lines == [
        "the feed of ended sessions is lost, soon every request asks the auth server: closed with 1013",
        "the feed of ended sessions is back",
    ]
    assert (await client.get("/hello")).status_code == 200


async def test_a_service_that_stops_leaves_the_feed(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    async with running(create_service(auth)):
        await auth_server.feed.connected()

    await until(lambda: auth_server.feed.subscribers == 0)


async def test_a_feed_that_accepts_and_says_nothing_is_lost_once_and_not_back(
    auth: AuthSidecar, auth_server: FakeAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    auth_server.feed.is_silent = True
    async with running(create_service(auth)) as client:
        await client.get("/reports", headers=auth_server.sign_in(FakeUser()).bearer)
        await auth_server.feed.connected(3)

    lines = [record.getMessage() for record in caplog.records if record.name == "auth_sidecar"]
    assert lines == ["the feed of ended sessions is lost, soon every request asks the auth server: TimeoutError"]


async def test_a_redirect_takes_the_feed_nowhere_and_nobody_else_grants_a_lease(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    async with serve(FakeAuthServer()) as elsewhere, running(create_service(auth)) as client:
        auth_server.feed.redirects_to = f"{elsewhere.url}/internal/feed"
        await auth_server.feed.drop()
        async with asyncio.timeout(20):
            while auth_server.feed.refusals < 3:
                assert (await client.get("/reports", headers=ada.bearer)).status_code == 200

        assert (elsewhere.feed.connections, auth.metrics().cache_hits_total) == (0, 0)
