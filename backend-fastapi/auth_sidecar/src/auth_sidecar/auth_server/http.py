"""One HTTP client for a process, with connections to the auth server that are kept open."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from auth_sidecar.settings import SidecarSettings

# Less than the auth server's 75 s (contract/limits.json), so that it never closes a connection as we send on it.
KEEP_ALIVE_SECONDS = 4
_FEEDS = 1
TOKEN_REQUESTS = 8
"""At once, for tokens of connected services. They may take seconds, and must not keep session checks waiting."""


class RedirectRefused(aiohttp.ClientError):
    """The auth server's address responded with a redirect."""


class _CleanConnector(aiohttp.TCPConnector):
    """Never reuses a connection on which bytes have arrived that no request asked for.

    aiohttp would take them for the response to its next request, which may be about another user.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        """See aiohttp."""
        while True:
            connection = await super().connect(req, traces, timeout)
            if connection.protocol is None or not connection.protocol.should_close:
                return connection
            connection.close()


@asynccontextmanager
async def open_http(settings: SidecarSettings) -> AsyncGenerator[aiohttp.ClientSession]:
    """Closed at the end, with its connections.

    It keeps no cookies (they would turn one user into another), takes no proxy from the environment and follows no
    redirect: the internal token is for the auth server only, and only the auth server is believed.
    """
    connector = _CleanConnector(
        limit=settings.sidecar_max_concurrency + _FEEDS + TOKEN_REQUESTS,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        ttl_dns_cache=10,
    )
    headers = {
        "X-Internal-Token": settings.internal_token.get_secret_value(),
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "auth-sidecar",
    }
    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(_refuse_redirect)  # ws_connect() has no parameter for it
    async with aiohttp.ClientSession(
        connector=connector,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        trace_configs=[tracing],
        timeout=aiohttp.ClientTimeout(total=None, connect=None),  # the callers have one deadline for everything
    ) as http:
        yield http


async def _refuse_redirect(
    _http: aiohttp.ClientSession, _context: object, redirect: aiohttp.TraceRequestRedirectParams
) -> None:
    redirect.response.close()
    raise RedirectRefused
