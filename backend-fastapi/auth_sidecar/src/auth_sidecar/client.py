"""Asks the auth server's private port over connections that are kept open. docs/decisions tells why aiohttp."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from auth_sidecar.answers import read_answer
from auth_sidecar.credential import Credential
from auth_sidecar.errors import AuthServerUnavailable, SessionRequired, Unauthenticated
from auth_sidecar.settings import SidecarSettings
from auth_sidecar.slots import Slots
from auth_sidecar.source import Answer

_log = logging.getLogger("auth_sidecar")

# Less than the auth server's own (Node: 5 s), so that a connection is seldom used while the other end closes it.
_KEEP_ALIVE_SECONDS = 4


class AuthServerClient:
    """An IdentitySource that asks every time. Bounded in time and in number; it keeps nothing of any answer."""

    def __init__(self, http: aiohttp.ClientSession, settings: SidecarSettings) -> None:
        self._http = http
        self._url = URL(f"{settings.auth_server_url}/internal/session")
        self._timeout_seconds = settings.sidecar_timeout_seconds
        self._slots = Slots(settings.sidecar_max_concurrency)
        self._is_away = False

    async def identify(self, credential: Credential, request_id: str | None) -> Answer:
        """See IdentitySource. Answers or raises within `sidecar_timeout_seconds`."""
        name = "Authorization" if credential.kind == "bearer" else "Cookie"
        answer = await self._ask({name: credential.value}, request_id)
        # Whoever sends a bearer holds no cookie of this session, and must not be given one.
        return answer if credential.kind == "cookie" else Answer(answer.identity)

    async def check(self) -> None:
        """Raises AuthServerUnavailable unless the auth server answers and takes our INTERNAL_TOKEN."""
        try:
            await self._ask({}, None)
        except SessionRequired:
            return
        raise AuthServerUnavailable("an identity for nobody")

    async def _ask(self, headers: dict[str, str], request_id: str | None) -> Answer:
        if request_id is not None:
            headers["X-Request-Id"] = request_id
        try:
            outcome = await self._fetch(headers)
        except AuthServerUnavailable as error:
            self._note_absence(error.reason)
            raise
        self._note_presence()
        if isinstance(outcome, Unauthenticated):
            raise outcome
        return outcome

    async def _fetch(self, headers: dict[str, str]) -> Answer | Unauthenticated:
        try:
            # A GET on a kept connection that turns out to be closed is sent again, once, by aiohttp itself.
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._slots,
                self._http.get(self._url, headers=headers, allow_redirects=False) as response,
            ):
                return await read_answer(response)
        except TimeoutError as error:
            raise AuthServerUnavailable("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise AuthServerUnavailable(type(error).__name__) from error

    def _note_absence(self, reason: str) -> None:
        """Says it once, not with every request: an outage should not bury its own cause."""
        if not self._is_away:
            _log.warning("the auth server cannot be asked: %s", reason)
        self._is_away = True

    def _note_presence(self) -> None:
        if self._is_away:
            _log.warning("the auth server answers again")
        self._is_away = False


@asynccontextmanager
async def open_client(settings: SidecarSettings) -> AsyncGenerator[AuthServerClient]:
    """One client for a process, with its connections, closed at the end.

    It keeps no cookies (they would turn one visitor into another), follows no redirects, takes no proxy from the
    environment and sends the internal token to nobody else.
    """
    connector = aiohttp.TCPConnector(
        limit=settings.sidecar_max_concurrency, keepalive_timeout=_KEEP_ALIVE_SECONDS, ttl_dns_cache=10
    )
    headers = {
        "X-Internal-Token": settings.internal_token.get_secret_value(),
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "auth-sidecar",
    }
    async with aiohttp.ClientSession(
        connector=connector,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None, connect=None),  # one deadline for everything: _fetch
    ) as http:
        yield AuthServerClient(http, settings)
