"""Start here: what a service creates once, and what its lifespan puts in place."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp
from starlette.applications import Starlette

from auth_sidecar.auth_server.access_tokens import AccessTokens
from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.auth_server.feed import Feed
from auth_sidecar.auth_server.http import open_http
from auth_sidecar.check_result import LoadAppUser
from auth_sidecar.clock import choose_lease_clock
from auth_sidecar.errors import AuthError, AuthServerUnavailable, LifespanNotRun
from auth_sidecar.identity import User
from auth_sidecar.made_up_tokens import made_up_tokens
from auth_sidecar.metrics import Metrics
from auth_sidecar.requests.check import Checking, checked_scope
from auth_sidecar.requests.fast_path import add_fast_path
from auth_sidecar.requests.guard import require
from auth_sidecar.requests.middleware import Installation
from auth_sidecar.requests.openapi import document_requirements
from auth_sidecar.requests.rendering import offer_rendering
from auth_sidecar.sessions.cache import SessionCache
from auth_sidecar.sessions.ends import SessionEnds
from auth_sidecar.sessions.identify import Sessions
from auth_sidecar.settings import SidecarSettings, read_settings


@dataclass(frozen=True, slots=True)
class _Running:
    """What there is while the lifespan runs."""

    loop: asyncio.AbstractEventLoop
    client: AuthServerClient
    cache: SessionCache
    feed: Feed
    sessions: Sessions
    ends: SessionEnds
    access_tokens: AccessTokens


class AuthSidecar:
    """Knows who is behind a request: from its cache, or by asking the auth server.

        auth = AuthSidecar()                  # settings from the environment
        app = FastAPI(lifespan=auth.lifespan)

        @app.get("/reports")
        async def reports(user: CurrentUser): ...

    `load_app_user` finds or makes the service's own record of a user, for `current_app_user`.
    Raises ConfigurationError, with every error at once, when the environment is not usable.
    """

    require = staticmethod(require)
    """`auth.require(verified=True)`: the function of this package, for those who have `auth` at hand."""

    def __init__(self, settings: SidecarSettings | None = None, *, load_app_user: LoadAppUser | None = None) -> None:
        self.settings = settings or read_settings()
        self._load_app_user = load_app_user
        self._running: _Running | None = None

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncGenerator[None]:
        """Connections to the auth server, for as long as the app runs. Needs none to start: it may start before it.

        A service with a lifespan of its own enters this one in it: `async with auth.lifespan(app): ...`.
        Apps mounted under this one, and routers, are covered.
        """
        if self._running is not None:
            raise RuntimeError("this lifespan runs already: give each app its own AuthSidecar, or mount it")
        async with open_http(self.settings) as http:
            running = self._connect_parts(http)
            add_fast_path(app.routes)
            document_requirements(app)
            shared = Checking(running.sessions, running.ends, self.settings.cors_origin, self._load_app_user)
            installation = Installation(app, shared)
            self._running = running
            hearing = asyncio.create_task(running.feed.run((running.cache, running.ends), running.cache))
            try:
                yield
            finally:
                self._running = None
                installation.remove()
                running.ends.close()
                await running.sessions.close()
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)

    async def check(self) -> None:
        """For a readiness probe: raises AuthServerUnavailable unless the auth server responds and accepts our token."""
        if self._running is None:
            raise AuthServerUnavailable("the lifespan does not run")
        await self._running.client.check()

    async def access_token(self, user: User, service: str) -> str:
        """The user's token, or pasted key, for a service that they have connected: at least a moment before its end.

            headers = {"Authorization": f"Bearer {await auth.access_token(user, 'github')}"}

        `user` is whom this request is from (`CurrentUser`); `service` an id of the auth server's CONNECTED_SERVICES.
        The auth server is asked each time, and refreshes a token that is due, so a connection that is removed counts at
        once. Takes up to 6 seconds where the service is slow. Never send the token to a browser, or log it.

        Raises NotConnected, ConnectionRevoked (409) and ServiceUnavailable (503), which any FastAPI app renders;
        Unauthenticated where the user is signed in nowhere any more; AuthServerUnavailable, ServiceUnknown and
        LifespanNotRun.
        """
        try:
            made_up = made_up_tokens.get()
            if made_up is not None:
                return made_up(user.id, service)
            return await self._require_running().access_tokens.get(user.id, service)
        except AuthError:
            scope = checked_scope.get()
            if scope is not None:
                offer_rendering(scope)
            raise

    def forget_user(self, user_id: str) -> None:
        """Makes this process check and load this user again. For a service that has changed its own record of them.

        To be called after the commit: a request in between would keep the old record. Other processes are not told.
        May be called on any thread, so in a `def` route too: it returns when the old record is not used any more, for
        which another thread than the event loop's waits until the loop is free. Raises LifespanNotRun.
        """
        running = self._require_running()
        _do_on(running.loop, partial(running.cache.forget_user, user_id))

    def metrics(self) -> Metrics:
        """Of this process. Raises LifespanNotRun."""
        running = self._require_running()
        cache, feed, breaker = running.cache, running.feed, running.client.breaker
        return Metrics(
            cache_hits_total=cache.counts.hits,
            cache_misses_total=cache.counts.misses,
            cache_lease_misses_total=cache.counts.lease_misses,
            cache_evictions_total=cache.counts.evictions,
            cache_entries=len(cache),
            lease_age_seconds=cache.lease_age_seconds,
            lease_seconds=cache.lease_seconds,
            feed_connected=int(cache.is_live),
            feed_connections_total=feed.connections,
            feed_pings_total=feed.pings,
            feed_revocations_total=cache.counts.revocations,
            feed_flushes_total=cache.counts.flushes,
            breaker_open=int(breaker.is_open),
            breaker_opened_total=breaker.times_opened,
            stale_answers_total=running.sessions.stale_answers,
            old_tokens_accepted_total=running.sessions.old_tokens.accepted + cache.counts.old_token_hits,
            old_tokens_refused_total=running.sessions.old_tokens.refused,
            watched_sessions=len(running.ends),
        )

    def _require_running(self) -> _Running:
        if self._running is None:
            raise LifespanNotRun
        return self._running

    def _connect_parts(self, http: aiohttp.ClientSession) -> _Running:
        clock = choose_lease_clock()
        client = AuthServerClient(http, self.settings)
        feed = Feed(http, self.settings, clock)
        cache = SessionCache(self.settings.sidecar_cache_entries, clock, feed.want_lease)
        sessions = Sessions(
            client,
            cache,
            load_app_user=self._load_app_user,
            stale_grace_seconds=self.settings.sidecar_stale_grace_seconds,
        )
        return _Running(
            asyncio.get_running_loop(),
            client,
            cache,
            feed,
            sessions,
            SessionEnds(sessions, feed.want_lease),
            AccessTokens(http, self.settings),
        )


def _do_on(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    """Returns when it is done; raises what it raises. Raises RuntimeError when the loop is closed."""
    if _is_running_here(loop):
        act()
        return
    done: Future[None] = Future()

    def do() -> None:
        try:
            done.set_result(act())
        except Exception as error:  # noqa: BLE001 - it is the caller's
            done.set_exception(error)

    loop.call_soon_threadsafe(do)
    done.result()


def _is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this is the loop's own thread."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
