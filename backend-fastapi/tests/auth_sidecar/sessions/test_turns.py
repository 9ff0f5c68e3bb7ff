"""Which check a request may share: under a lease one that nothing has touched, else one that has not begun."""

import asyncio
from dataclasses import dataclass, replace

import pytest
from aiohttp import web

from auth_sidecar import SessionExpired, SidecarSettings
from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.auth_server.http import open_http
from auth_sidecar.check_result import CheckResult
from auth_sidecar.credential import Credential
from auth_sidecar.sessions.cache import SessionCache
from auth_sidecar.sessions.identify import Sessions
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import LEASE_SECONDS, ManualClock


class Slow:
    """The auth server's first response: as of when it was asked, and sent when it is let go."""

    def __init__(self, auth_server: FakeAuthServer) -> None:
        self._auth_server = auth_server
        self.is_let_go = asyncio.Event()
        auth_server.misbehave = self.respond

    async def respond(self, request: web.Request) -> web.StreamResponse:
        self._auth_server.misbehave = None
        response = await self._auth_server.handle_well(request)
        await self.is_let_go.wait()
        return response


@dataclass(frozen=True)
class Scene:
    """A service with a lease, of which Ada's browser asks for a page."""

    sessions: Sessions
    cache: SessionCache
    clock: ManualClock
    auth_server: FakeAuthServer
    ada: FakeUser

    def ask(self) -> asyncio.Task[CheckResult]:
        credential: Credential = self.ada.bearer["authorization"].encode()
        return asyncio.create_task(self.sessions.identify(credential, None, is_safe=True))

    async def ask_and_wait(self) -> asyncio.Task[CheckResult]:
        """Returns when the request has done what it does before it waits for another one's check."""
        asking = self.ask()
        for _ in range(3):
            await asyncio.sleep(0)
        return asking

    def end_session(self) -> None:
        """At the auth server."""
        self.ada.refused_with = "SESSION_EXPIRED"


@pytest.fixture
def scene(sessions: Sessions, cache: SessionCache, clock: ManualClock, auth_server: FakeAuthServer) -> Scene:
    return Scene(sessions, cache, clock, auth_server, auth_server.sign_in(FakeUser()))


@pytest.fixture
async def slow(auth_server: FakeAuthServer) -> Slow:
    return Slow(auth_server)


async def test_under_a_lease_a_check_is_shared_however_long_ago_it_began(scene: Scene, slow: Slow) -> None:
    first = scene.ask()
    await scene.auth_server.asked(1)
    scene.clock.now += 10 * LEASE_SECONDS
    scene.cache.renew_lease(scene.clock(), LEASE_SECONDS)

    second = await scene.ask_and_wait()
    slow.is_let_go.set()

    assert await first == await second
    assert len(scene.auth_server.received) == 1


@pytest.mark.parametrize("what", ["user", "session", "another user", "everything"])
async def test_a_check_that_something_has_touched_is_not_shared(scene: Scene, slow: Slow, what: str) -> None:
    """Whom it is about is known only when the response is here."""
    first = scene.ask()
    await scene.auth_server.asked(1)
    match what:
        case "user":
            scene.cache.revoke_user(scene.ada.id)
        case "session":
            scene.cache.revoke_session(scene.ada.session_id)
        case "another user":
            scene.cache.revoke_user("somebody else")
        case _:
            scene.cache.flush()
    scene.end_session()

    with pytest.raises(SessionExpired):
        await scene.ask()
    slow.is_let_go.set()
    await asyncio.gather(first, return_exceptions=True)


async def test_without_a_lease_one_check_is_under_way_and_one_waits_for_all_who_came_later(
    scene: Scene, slow: Slow
) -> None:
    scene.cache.drop_lease()
    first = scene.ask()
    await scene.auth_server.asked(1)
    scene.end_session()  # acknowledged at once: there is no lease to wait for

    later = [await scene.ask_and_wait() for _ in range(10)]
    assert len(scene.auth_server.received) == 1
    slow.is_let_go.set()

    assert (await first).identity.user.id == scene.ada.id
    assert [type(error) for error in await asyncio.gather(*later, return_exceptions=True)] == [SessionExpired] * 10
    assert len(scene.auth_server.received) == 2


async def test_a_check_from_before_the_feed_was_replaced_is_not_shared(scene: Scene, slow: Slow) -> None:
    """Also under the new connection's lease: what it says is only what has happened since."""
    first = scene.ask()
    await scene.auth_server.asked(1)
    scene.cache.start_generation()
    scene.cache.renew_lease(scene.clock(), LEASE_SECONDS)
    scene.end_session()

    with pytest.raises(SessionExpired):
        await scene.ask()
    slow.is_let_go.set()
    await asyncio.gather(first, return_exceptions=True)


async def test_a_check_from_before_the_first_feed_is_not_shared(
    settings: SidecarSettings, scene: Scene, slow: Slow
) -> None:
    """Nothing has touched it: what was revoked until then, nobody has received."""
    cache = SessionCache(100, scene.clock, lambda: None)
    async with open_http(settings) as http:
        new = replace(scene, sessions=Sessions(AuthServerClient(http, settings), cache), cache=cache)
        first = new.ask()
        await scene.auth_server.asked(1)
        scene.end_session()
        cache.start_generation()
        cache.renew_lease(scene.clock(), LEASE_SECONDS)

        with pytest.raises(SessionExpired):
            await new.ask()
        slow.is_let_go.set()
        await asyncio.gather(first, return_exceptions=True)


async def test_a_check_that_takes_long_holds_up_no_later_one(scene: Scene, slow: Slow) -> None:
    scene.cache.drop_lease()
    first = scene.ask()
    await scene.auth_server.asked(1)

    assert (await scene.ask()).identity.user.id == scene.ada.id
    assert not first.done()
    slow.is_let_go.set()
    await first


async def test_the_third_response_is_for_those_who_were_there_when_it_was_overtaken(scene: Scene) -> None:
    """They are let in, because a user who changes all the time must not be locked out; who comes later is not."""
    auth_server = scene.auth_server
    late: list[asyncio.Task[CheckResult]] = []

    async def be_overtaken(request: web.Request) -> web.StreamResponse:
        response = await auth_server.handle_well(request)
        scene.cache.revoke_user(scene.ada.id)
        if len(auth_server.received) == 3:
            auth_server.misbehave = None
            scene.end_session()
            late.append(await scene.ask_and_wait())
        return response

    auth_server.misbehave = be_overtaken
    there = await scene.ask()

    assert there.identity.user.id == scene.ada.id
    with pytest.raises(SessionExpired):
        await late[0]


async def test_a_check_that_nobody_waits_for_any_more_leaves_the_one_before_it_to_be_shared(
    scene: Scene, slow: Slow
) -> None:
    scene.cache.drop_lease()
    first = scene.ask()
    await scene.auth_server.asked(1)
    given_up = await scene.ask_and_wait()
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    scene.cache.renew_lease(scene.clock(), LEASE_SECONDS)

    third = await scene.ask_and_wait()
    slow.is_let_go.set()

    assert await first == await third
    assert len(scene.auth_server.received) == 1


async def test_a_check_that_was_given_up_is_never_shared_by_whoever_comes_next(scene: Scene, slow: Slow) -> None:
    """The request that waited for its turn is given up together with the one before it."""
    scene.cache.drop_lease()
    both = [scene.ask()]
    await scene.auth_server.asked(1)
    both.append(await scene.ask_and_wait())
    for task in both:
        task.cancel()
    await asyncio.gather(*both, return_exceptions=True)

    assert (await scene.ask()).identity.user.id == scene.ada.id
    slow.is_let_go.set()
