"""A session that is due is extended for a browser that hears of it, and for nobody else."""

import asyncio

from aiohttp import web

from auth_sidecar import AuthSidecar, SidecarSettings
from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.auth_server.http import open_http
from auth_sidecar.sessions.cache import SessionCache
from auth_sidecar.sessions.identify import Sessions
from tests.auth_sidecar.sessions.streaming_service import connected, create_service
from tests.support.example_service import running
from tests.support.fake_auth_server import NOW, FakeAuthServer, FakeUser, refusal
from tests.support.timing import warm


def due_user() -> FakeUser:
    """Whose session the next check extends, if it may."""
    return FakeUser(renews_cookie=True, refresh_at=NOW)


async def test_a_streams_own_question_leaves_the_extension_to_the_next_request(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    app = create_service(auth)
    ada, bob = auth_server.sign_in(due_user()), auth_server.sign_in(FakeUser())
    async with running(app) as client:
        await warm(auth, client, bob.bearer)
        asked = len(auth_server.received)
        async with connected(app, ada) as socket:
            await auth_server.asked(asked + 2)  # a session that is due is in doubt from the beginning
            await auth_server.feed.tell({"type": "flush"})
            await auth_server.asked(asked + 3)
            assert await socket.echo() == "x"
            assert auth_server.renewals == 1  # by the handshake

            result = await client.get("/reports", headers=ada.cookie)

    assert result.headers["set-cookie"].startswith(ada.cookie["cookie"])


async def test_a_request_that_joins_a_streams_check_gets_its_response_and_the_next_one_extends(
    sessions: Sessions, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(due_user())
    cookie = ada.cookie["cookie"].encode()

    joined = await asyncio.gather(
        sessions.identify(cookie, None, is_safe=False, may_refresh=False),
        sessions.identify(cookie, None, is_safe=True),
    )

    assert [result.renewed_cookies for result in joined] == [(), ()]
    assert len(auth_server.received) == 1
    assert sessions.recall(cookie) is None
    assert len((await sessions.identify(cookie, None, is_safe=True)).renewed_cookies) == 1


async def test_a_cookie_that_was_renewed_goes_along_with_a_stale_result(
    settings: SidecarSettings, cache: SessionCache, auth_server: FakeAuthServer
) -> None:
    """The first question is overtaken and cannot be repeated; a later one returns before it."""
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))
    cookie = ada.cookie["cookie"].encode()
    has_later_returned = asyncio.Event()

    async def fail(_request: web.Request) -> web.StreamResponse:
        auth_server.misbehave = None
        await has_later_returned.wait()
        return refusal(503, "DATABASE_UNAVAILABLE")

    async def be_overtaken(request: web.Request) -> web.StreamResponse:
        auth_server.misbehave = fail
        cache.revoke_user(ada.id)
        return await auth_server.handle_well(request)

    auth_server.misbehave = be_overtaken
    async with open_http(settings) as http:
        sessions = Sessions(AuthServerClient(http, settings), cache, stale_grace_seconds=60)
        first = asyncio.create_task(sessions.identify(cookie, None, is_safe=True))
        await auth_server.asked(2)
        cache.drop_lease()
        await sessions.identify(cookie, None, is_safe=True)
        has_later_returned.set()
        result = await first

    assert (sessions.stale_answers, len(auth_server.received)) == (1, 3)
    assert [renewed.startswith(ada.cookie["cookie"]) for renewed in result.renewed_cookies] == [True]
