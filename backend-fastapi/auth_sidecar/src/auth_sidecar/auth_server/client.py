"""Asks the auth server's private port who is behind a credential. It stores no response."""

import asyncio
import logging
from types import TracebackType
from typing import TypeAlias

import aiohttp
from yarl import URL

from auth_sidecar.auth_server.breaker import Breaker
from auth_sidecar.auth_server.renewed_cookie import read_renewed_cookie
from auth_sidecar.auth_server.responses import read_response
from auth_sidecar.check_result import CheckResult
from auth_sidecar.credential import Credential, headers_of
from auth_sidecar.errors import AuthError, AuthServerUnavailable, SessionRequired, Unauthenticated
from auth_sidecar.settings import SidecarSettings

_Outcome: TypeAlias = CheckResult | Unauthenticated | AuthServerUnavailable
# For each check under way. A burst of first requests waits; a flood is refused.
WAITING_PER_SLOT = 16

_log = logging.getLogger("auth_sidecar")


class AuthServerClient:
    """Bounded in time and in number, with a breaker for outages."""

    def __init__(self, http: aiohttp.ClientSession, settings: SidecarSettings) -> None:
        self._http = http
        self._url = URL(f"{settings.auth_server_url}/internal/session")
        self._url_without_refresh = self._url.with_query(disableRefresh="true")
        self._timeout_seconds = settings.sidecar_timeout_seconds
        self._slots = _Slots(settings.sidecar_max_concurrency)
        self._is_unavailable = False
        self.breaker = Breaker()

    def new_deadline(self) -> float:
        """For a check that begins now and all its repetitions, by the loop's clock."""
        return asyncio.get_running_loop().time() + self._timeout_seconds

    async def identify(
        self, credential: Credential, request_id: str | None, deadline: float, *, may_refresh: bool = True
    ) -> CheckResult:
        """Raises Unauthenticated when the auth server says nobody, AuthServerUnavailable when it cannot be known.

        `may_refresh`: whether it may extend the session, if that is due.
        """
        headers = headers_of(credential)
        if request_id is not None:
            headers["X-Request-Id"] = request_id
        result = await self._ask(self._url if may_refresh else self._url_without_refresh, headers, deadline)
        return result._replace(renewed_cookies=read_renewed_cookie(result.renewed_cookies, credential))

    async def check(self) -> None:
        """Raises AuthServerUnavailable unless the auth server responds and accepts our INTERNAL_TOKEN."""
        try:
            await self._ask(self._url, {}, self.new_deadline())
        except SessionRequired:
            return
        raise AuthServerUnavailable("an identity for nobody")

    async def _ask(self, url: URL, headers: dict[str, str], deadline: float) -> CheckResult:
        if not self.breaker.admit():
            raise AuthServerUnavailable("it was unavailable a moment ago")
        try:
            outcome = await self._fetch(url, headers, deadline)
        except AuthServerUnavailable as error:
            self._note_outage(error)
            raise
        except BaseException:
            self.breaker.abandon()
            raise
        self._note_recovery()
        if isinstance(outcome, AuthError):
            raise outcome
        return outcome

    async def _fetch(self, url: URL, headers: dict[str, str], deadline: float) -> _Outcome:
        if asyncio.get_running_loop().time() >= deadline:
            raise AuthServerUnavailable("no time is left to ask again")
        has_slot = False
        try:
            async with asyncio.timeout_at(deadline), self._slots:
                has_slot = True
                return await self._get(url, headers)
        except TimeoutError as error:
            reason = "timeout" if has_slot else "too many checks are under way"
            raise AuthServerUnavailable(reason, is_outage=has_slot) from error

    async def _get(self, url: URL, headers: dict[str, str]) -> _Outcome:
        try:
            # If a kept connection turns out to be closed, aiohttp sends the GET again, once.
            async with self._http.get(url, headers=headers, allow_redirects=False) as response:
                return await read_response(response)
        except (aiohttp.ClientError, OSError) as error:
            raise AuthServerUnavailable(type(error).__name__, is_outage=True) from error

    def _note_outage(self, error: AuthServerUnavailable) -> None:
        """Logs it once, not with every request: an outage should not bury its own cause."""
        if error.is_outage:
            self.breaker.fail()
        else:
            self.breaker.abandon()
        if not self._is_unavailable:
            _log.warning("the auth server cannot be asked: %s", error.reason)
        self._is_unavailable = True

    def _note_recovery(self) -> None:
        self.breaker.succeed()
        if self._is_unavailable:
            _log.warning("the auth server responds again")
        self._is_unavailable = False


class _Slots:
    """`async with slots:` waits for a free one, or raises AuthServerUnavailable at once when too many wait already."""

    def __init__(self, size: int) -> None:
        self._free = asyncio.Semaphore(size)
        self._waiting = 0
        self._max_waiting = size * WAITING_PER_SLOT

    async def __aenter__(self) -> None:
        if self._waiting >= self._max_waiting:
            raise AuthServerUnavailable("too many checks are waiting")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._free.release()
