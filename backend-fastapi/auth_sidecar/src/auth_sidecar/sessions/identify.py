"""Who is behind a credential: from the cache if the lease allows it, or else from the auth server, asked once."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import NamedTuple

from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.check_result import CheckFailed, CheckResult, LoadAppUser
from auth_sidecar.credential import Credential, digest_of, is_bearer
from auth_sidecar.errors import AuthError, AuthServerUnavailable, Unauthenticated, UserUnknown
from auth_sidecar.identity import User
from auth_sidecar.sessions.cache import SessionCache
from auth_sidecar.sessions.mark import Mark
from auth_sidecar.sessions.old_tokens import OldTokenCounts

MAX_ASKS = 3
"""In one check. If a revocation has overtaken the result, the auth server is asked again. A user who changes all
the time must not be locked out, so the last result is used, but not stored."""

_TURN_SECONDS = 0.1
"""A check waits this long for the one before it. A slow one must not hold up all that come later."""

_log = logging.getLogger("auth_sidecar")


class _Wanted(NamedTuple):
    """What one request needs to know."""

    key: bytes
    credential: Credential
    request_id: str | None
    may_refresh: bool


@dataclass(slots=True, eq=False)
class _SharedCheck:
    """A check, under way or waiting for its turn. Requests with the same credential may share it."""

    before: "_SharedCheck | None"
    """The one whose end it waits for."""
    task: asyncio.Task[CheckResult] = field(init=False)
    mark: Mark | None = None
    """None before it begins. Until then nothing can have overtaken it, and every request may share it."""
    waiting: int = 0
    """Requests. Without any, the check is cancelled."""


class Sessions:
    """An IdentitySource with a cache in front of the auth server."""

    def __init__(
        self,
        client: AuthServerClient,
        cache: SessionCache,
        *,
        load_app_user: LoadAppUser | None = None,
        stale_grace_seconds: float = 0,
    ) -> None:
        self._client = client
        self._cache = cache
        self._load_app_user = load_app_user
        self._grace_seconds = stale_grace_seconds
        self._shared_checks: dict[bytes, _SharedCheck] = {}
        self._is_serving_stale = False
        self._has_noted_unknown_user = False
        self.old_tokens = OldTokenCounts()
        self.stale_answers = 0

    def recall(self, credential: Credential) -> CheckResult | None:
        """See IdentitySource."""
        entry = self._cache.find(digest_of(credential))
        return None if entry is None else entry.result

    def holds(self, credential: Credential) -> bool:
        """Whether the next request with this credential would be a hit."""
        return self._cache.holds(digest_of(credential))

    async def identify(
        self, credential: Credential, request_id: str | None, *, is_safe: bool, may_refresh: bool = True
    ) -> CheckResult:
        """See IdentitySource. Asks without looking into the cache: `recall` comes first.

        `may_refresh`: whether the auth server may refresh a session that is due. Not if no browser can get the cookie;
        the entry is then as due as the session, so the next request asks again.
        """
        wanted = _Wanted(digest_of(credential), credential, request_id, may_refresh)
        try:
            result = await self._join_or_begin(wanted)
        except (AuthServerUnavailable, CheckFailed) as error:
            stale = self._find_stale_for(error, wanted.key) if is_safe else None
            if stale is None:
                raise
            return stale
        self._is_serving_stale = False
        return result

    async def close(self) -> None:
        """Cancels the checks under way."""
        tasks = [shared.task for shared in self._shared_checks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _join_or_begin(self, wanted: _Wanted) -> CheckResult:
        shared = self._shared_checks.get(wanted.key)
        # A finished check may be outdated: its mark no longer receives revocations.
        if shared is None or shared.task.done():
            shared = self._begin(wanted, None)
        elif shared.mark is not None and not self._cache.may_join(shared.mark):
            shared = self._begin(wanted, shared)
        shared.waiting += 1
        try:
            # Shielded: a request that is cancelled must not cancel the check of the others.
            return await asyncio.shield(shared.task)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise AuthServerUnavailable("the service stops") from None
        finally:
            shared.waiting -= 1
            if not shared.waiting:
                self._cancel(wanted.key, shared)

    def _begin(self, wanted: _Wanted, before: _SharedCheck | None) -> _SharedCheck:
        shared = self._shared_checks[wanted.key] = _SharedCheck(before)
        shared.task = asyncio.create_task(self._take_turn(wanted, shared))
        shared.task.add_done_callback(_read_exception)
        return shared

    async def _take_turn(self, wanted: _Wanted, shared: _SharedCheck) -> CheckResult:
        """Without a lease each request needs a check that begins after it: one is under way, and one waits for all."""
        if shared.before is not None:
            await asyncio.wait({shared.before.task}, timeout=_TURN_SECONDS)
        shared.before, shared.mark = None, self._cache.begin()
        try:
            return await self._ask(wanted, shared.mark)
        finally:
            self._cache.end(shared.mark)

    def _cancel(self, key: bytes, shared: _SharedCheck) -> None:
        """At once, so that no request joins it any more. If it has finished, it is only removed."""
        shared.task.cancel()
        if self._shared_checks.get(key) is not shared:
            return
        if shared.before is not None and shared.before.waiting:
            self._shared_checks[key] = shared.before
        else:
            del self._shared_checks[key]

    async def _ask(self, wanted: _Wanted, mark: Mark) -> CheckResult:
        try:
            result = await self._ask_until_known(wanted, mark)
        except Unauthenticated as error:
            # So that no stale entry contradicts it while the auth server cannot be asked.
            self._cache.forget(wanted.key)
            self.old_tokens.note_nobody(error)
            raise
        self.old_tokens.note_user(result)
        self._cache.keep(wanted.key, result, mark)
        return result

    async def _ask_until_known(self, wanted: _Wanted, mark: Mark) -> CheckResult:
        """A user whom only the auth server knows may have been deleted since: it is asked once more."""
        try:
            return await self._ask_until_current(wanted, mark)
        except CheckFailed as failed:
            if not isinstance(failed.error, UserUnknown):
                raise
            cookies = failed.renewed_cookies
        self._cache.restart(mark)
        try:
            return await self._ask_until_current(wanted, mark, cookies)
        except CheckFailed as failed:
            if isinstance(failed.error, UserUnknown):
                self._note_unknown_user()
            raise

    async def _ask_until_current(self, wanted: _Wanted, mark: Mark, cookies: tuple[str, ...] = ()) -> CheckResult:
        clock = asyncio.get_running_loop().time
        deadline = self._client.new_deadline()
        asks = 0
        while True:
            result = await self._ask_once(wanted, deadline, cookies)
            cookies += result.renewed_cookies
            checked_at = clock()
            result = result._replace(app_user=await self._load(result.identity.user, cookies))
            deadline += clock() - checked_at  # the loader has deadlines of its own
            asks += 1
            if not mark.is_overtaken(result) or asks == MAX_ASKS:
                return result._replace(renewed_cookies=cookies)
            self._cache.restart(mark)

    def _note_unknown_user(self) -> None:
        """Once: with two databases it would be logged for every request."""
        if not self._has_noted_unknown_user:
            _log.warning("the auth server knows a user whom the service's database does not: do both use one database?")
        self._has_noted_unknown_user = True

    async def _ask_once(self, wanted: _Wanted, deadline: float, cookies: tuple[str, ...]) -> CheckResult:
        """An outage loses no `cookies`, which were renewed earlier in the same check."""
        try:
            result = await self._client.identify(
                wanted.credential, wanted.request_id, deadline, may_refresh=wanted.may_refresh
            )
        except AuthServerUnavailable as error:
            if not cookies:
                raise
            raise CheckFailed(error, cookies) from error
        # A caller with a bearer has no cookie of this session, and must not get one.
        return result.without_cookies() if is_bearer(wanted.credential) else result

    async def _load(self, user: User, cookies: tuple[str, ...]) -> object:
        if self._load_app_user is None:
            return None
        try:
            return await self._load_app_user(user)
        except UserUnknown as error:
            raise CheckFailed(error, cookies) from error
        except AuthError:
            raise
        except Exception as error:
            raise CheckFailed(error, cookies) from error

    def _find_stale_for(self, error: AuthServerUnavailable | CheckFailed, key: bytes) -> CheckResult | None:
        """With the cookies that were renewed before the outage. None for the service's own errors."""
        if isinstance(error, AuthServerUnavailable):
            return self._find_stale(key)
        stale = self._find_stale(key) if isinstance(error.error, AuthServerUnavailable) else None
        return None if stale is None else stale._replace(renewed_cookies=error.renewed_cookies)

    def _find_stale(self, key: bytes) -> CheckResult | None:
        entry = self._cache.find_stale(key, self._grace_seconds) if self._grace_seconds else None
        if entry is None:
            return None
        self.stale_answers += 1
        if not self._is_serving_stale:
            _log.warning(
                "safe requests get cached entries of up to %g s ago: the auth server cannot be asked",
                self._grace_seconds,
            )
        self._is_serving_stale = True
        return entry.result


def _read_exception(task: asyncio.Task[CheckResult]) -> None:
    """Because asyncio warns about exceptions that nothing has read."""
    if not task.cancelled():
        task.exception()
