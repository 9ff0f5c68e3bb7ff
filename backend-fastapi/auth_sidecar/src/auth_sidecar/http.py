"""One HTTP client for a process, with connections to the auth server that are kept open."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp

from auth_sidecar.settings import SidecarSettings

# Less than the auth server's own (Node: 5 s), so that a connection is seldom used while the other end closes it.
_KEEP_ALIVE_SECONDS = 4
_FEEDS = 1


@asynccontextmanager
async def open_http(settings: SidecarSettings) -> AsyncGenerator[aiohttp.ClientSession]:
    """Closed at the end, with its connections.

    It keeps no cookies (they would turn one visitor into another), takes no proxy from the environment and sends the
    internal token to nobody else.
    """
    connector = aiohttp.TCPConnector(
        limit=settings.sidecar_max_concurrency + _FEEDS, keepalive_timeout=_KEEP_ALIVE_SECONDS, ttl_dns_cache=10
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
        timeout=aiohttp.ClientTimeout(total=None, connect=None),  # whoever uses it has one deadline for everything
    ) as http:
        yield http
