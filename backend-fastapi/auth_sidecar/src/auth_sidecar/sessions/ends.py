"""Tells streams and WebSockets that their session has ended while they are open."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Protocol, TypeAlias

from auth_sidecar.check_result import CheckResult
from auth_sidecar.credential import Credential
from auth_sidecar.errors import Unauthenticated
from auth_sidecar.identity import Identity
from auth_sidecar.sessions.index import Index

Callback: TypeAlias = Callable[[], Awaitable[None] | None]

_RETRY_SECONDS = 1
_MAX_AT_ONCE = 8
"""Rechecks under way: a flush causes one for every stream, and requests must not wait for them."""
_LISTENING_SECONDS = 1
"""How often the feed is tested while streams rely on it without any request."""

_log = logging.getLogger("auth_sidecar")


@dataclass(slots=True, eq=False)
class Watch:
    """One open request and its callback."""

    credential: Credential = field(repr=False)
    identity: Identity
    callback: Callback
    task: asyncio.Task[None] | None = None
    needs_recheck: bool = False
    """Something was received that may have ended the session."""
    expiry: asyncio.TimerHandle | None = field(default=None)


class Recheckable(Protocol):
    """Knows which sessions are valid. identify.py has the one with a cache."""

    def holds(self, credential: Credential) -> bool:
        """Whether the session is known to be valid at this moment."""
        ...

    async def identify(
        self, credential: Credential, request_id: str | None, *, is_safe: bool, may_refresh: bool = True
    ) -> CheckResult:
        """See IdentitySource."""
        ...


class Ends(Protocol):
    """What a request is watched with."""

    def watch(self, credential: Credential, identity: Identity, callback: Callback) -> Watch:
        """See SessionEnds."""
        ...

    def unwatch(self, watch: Watch) -> None:
        """See SessionEnds."""
        ...


class SessionEnds:
    """A Listener of the feed. What it receives causes a recheck: the auth server says if the session is valid.

    A user's new name revokes what is cached, and ends nothing. "Don't know" ends nothing either: it is checked again.
    """

    def __init__(self, sessions: Recheckable, want_lease: Callable[[], None]) -> None:
        self._sessions = sessions
        self._want_lease = want_lease
        self._slots = asyncio.Semaphore(_MAX_AT_ONCE)
        self._listening: asyncio.TimerHandle | None = None
        self._watches: set[Watch] = set()
        self._by_session: Index[Watch] = Index()
        self._by_user: Index[Watch] = Index()

    def __len__(self) -> int:
        return len(self._watches)

    def watch(self, credential: Credential, identity: Identity, callback: Callback) -> Watch:
        """Until `unwatch`. The callback is called once or never, on the event loop; what it raises is logged.

        Raises RuntimeError on a thread without one.
        """
        _require_loop()
        watch = Watch(credential, identity, callback)
        self._watches.add(watch)
        self._by_session.add(identity.session.id, watch)
        self._by_user.add(identity.user.id, watch)
        self._expect_expiry(watch)
        if self._listening is None:
            self._test_feed()
        # It may have ended since the request was identified, before anybody watched.
        if not self._sessions.holds(credential):
            self._recheck(watch)
        return watch

    def unwatch(self, watch: Watch) -> None:
        """The request is over."""
        if watch not in self._watches:
            return
        self._forget(watch)
        if watch.task is not None:
            watch.task.cancel()

    def close(self) -> None:
        """The service stops: nobody is told anything any more."""
        for watch in tuple(self._watches):
            self.unwatch(watch)
        if self._listening is not None:
            self._listening.cancel()

    # What the feed says.

    def start_generation(self) -> None:
        """See feed.Listener."""
        self.flush()

    def end_generation(self) -> None:
        """See feed.Listener. Asked about when it is back: until then nothing is known."""

    def revoke_session(self, session_id: str) -> None:
        """See feed.Listener."""
        for watch in self._by_session.of(session_id):
            self._recheck(watch)

    def revoke_user(self, user_id: str) -> None:
        """See feed.Listener."""
        for watch in self._by_user.of(user_id):
            self._recheck(watch)

    def flush(self) -> None:
        """See feed.Listener."""
        for watch in tuple(self._watches):
            self._recheck(watch)

    def _forget(self, watch: Watch) -> None:
        self._watches.discard(watch)
        self._by_session.discard(watch.identity.session.id, watch)
        self._by_user.discard(watch.identity.user.id, watch)
        if watch.expiry is not None:
            watch.expiry.cancel()

    def _recheck(self, watch: Watch) -> None:
        watch.needs_recheck = True
        if watch.task is None:
            watch.task = asyncio.create_task(self._recheck_until_known(watch))

    async def _recheck_until_known(self, watch: Watch) -> None:
        """Asks until the auth server has said whether the session is still valid."""
        while watch.needs_recheck:
            watch.needs_recheck = False
            try:
                result = await self._ask(watch.credential)
            except Unauthenticated:
                self._forget(watch)
                await _call(watch.callback)
                return
            except Exception as error:  # noqa: BLE001 - the service's own loader may raise anything
                _log.debug("it is not known whether a session is still valid: %r", error)
                watch.needs_recheck = True
                await asyncio.sleep(_RETRY_SECONDS * random.uniform(0.5, 1))  # noqa: S311 - no secret
            else:
                watch.identity = result.identity
                self._expect_expiry(watch)
        watch.task = None

    async def _ask(self, credential: Credential) -> CheckResult:
        """Without refreshing the session: the headers of this response are sent, the browser would not get a cookie."""
        async with self._slots:
            return await self._sessions.identify(credential, None, is_safe=False, may_refresh=False)

    def _test_feed(self) -> None:
        """Pings. Without a pong, a half-open connection is replaced, and then every session is rechecked."""
        self._listening = None
        if self._watches:
            self._want_lease()
            self._listening = asyncio.get_running_loop().call_later(_LISTENING_SECONDS, self._test_feed)

    def _expect_expiry(self, watch: Watch) -> None:
        """No revocation announces it. Clocks differ a little: then it is asked again, but not without pause."""
        if watch.expiry is not None:
            watch.expiry.cancel()
        left_seconds = watch.identity.session.expires_at.timestamp() - time.time()
        watch.expiry = asyncio.get_running_loop().call_later(max(left_seconds, _RETRY_SECONDS), self._recheck, watch)


def _require_loop() -> None:
    """Before anything is registered: on another thread nobody would be told, and nothing forgotten."""
    try:
        asyncio.get_running_loop()
    except RuntimeError as error:
        raise RuntimeError("on_session_end() is for `async def` routes and dependencies") from error


async def _call(callback: Callback) -> None:
    try:
        returned = callback()
        if isawaitable(returned):
            await returned
    except Exception:  # noqa: BLE001 - the service's own code may raise anything
        _log.exception("a callback of on_session_end() failed")
