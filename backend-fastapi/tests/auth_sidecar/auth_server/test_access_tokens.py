"""What the package makes of the auth server's responses about tokens of connected services."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from auth_sidecar import (
    AuthServerUnavailable,
    BannedUser,
    ConnectionRevoked,
    NotConnected,
    ServiceUnavailable,
    ServiceUnknown,
    SessionExpired,
    SidecarSettings,
)
from auth_sidecar.auth_server.access_tokens import TIMEOUT_SECONDS, AccessTokens
from auth_sidecar.auth_server.http import TOKEN_REQUESTS, open_http
from tests.support.contract import read_contract

CONTRACT = read_contract("access-token")
MEANINGS: dict[str, type[Exception]] = {
    "SESSION_EXPIRED": SessionExpired,
    "BANNED_USER": BannedUser,
    "SERVICE_NOT_FOUND": ServiceUnknown,
    "SERVICE_NOT_CONNECTED": NotConnected,
    "CONNECTION_REVOKED": ConnectionRevoked,
    "SERVICE_UNAVAILABLE": ServiceUnavailable,
}


class Server:
    """The auth server's private port, for this one path."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = {"accessToken": "a-token", "expiresAt": None}
        self.closes_first = 0
        self.hangs = False
        self.is_over = asyncio.Event()
        self.asked: list[tuple[dict[str, Any], str | None]] = []
        self.arrivals: asyncio.Queue[None] = asyncio.Queue()

    async def respond(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((await request.json(), request.headers.get("x-internal-token")))
        self.arrivals.put_nowait(None)
        if self.closes_first:
            self.closes_first -= 1
            assert request.transport is not None
            request.transport.close()
        if self.hangs:
            await self.is_over.wait()
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return web.Response(status=self.status, text=body, content_type="application/json")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def settings(server: Server) -> AsyncGenerator[SidecarSettings]:
    app = web.Application()
    app.router.add_post("/internal/access-token", server.respond)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield SidecarSettings(auth_server_url=f"http://127.0.0.1:{port}", internal_token=SecretStr("a-secret"))
    server.is_over.set()
    await runner.cleanup()


@pytest.fixture
async def tokens(settings: SidecarSettings) -> AsyncGenerator[AccessTokens]:
    async with open_http(settings) as http:
        yield AccessTokens(http, settings)


async def test_a_token_is_asked_for_with_the_internal_token(server: Server, tokens: AccessTokens) -> None:
    assert await tokens.get("ada", "github") == "a-token"
    assert server.asked == [({"userId": "ada", "service": "github"}, "a-secret")]


@pytest.mark.parametrize("code", CONTRACT["errors"])
async def test_each_code_of_the_contract_has_its_meaning(server: Server, tokens: AccessTokens, code: str) -> None:
    server.status, server.body = CONTRACT["errors"][code], {"code": code, "message": "For users."}

    with pytest.raises(MEANINGS[code]):
        await tokens.get("ada", "github")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"accessToken": ""}),
        (200, {"accessToken": None}),
        (200, {"accessToken": "two words"}),
        (200, {"accessToken": "line\r\nX-Other: end"}),
        (200, {"accessToken": "ünïcode"}),
        (200, {"token": "a-token"}),
        (200, []),
        (200, "<html>"),
        (200, '{"accessToken": "one", "accessToken": "two"}'),
        (200, '{"accessToken": "' + "a" * 70_000 + '"}'),
        (204, ""),
        (302, {}),
        (401, {"code": "UNAUTHORIZED", "message": "Of better-auth."}),
        (401, "Unauthorized"),
        (403, {"code": "INTERNAL_TOKEN_REQUIRED", "message": "The token is wrong."}),
        (404, {"code": "NOT_FOUND", "message": "There is nothing here."}),
        (404, {"code": "SERVICE_NOT_CONNECTED", "message": "With another status."}),
        (409, {"code": "CONFLICT", "message": "Something else."}),
        (409, "CONNECTION_REVOKED"),
        (500, {"code": "INTERNAL_ERROR", "message": "A bug."}),
        (503, {"code": "DATABASE_UNAVAILABLE", "message": "Later."}),
        (503, {"code": "CONNECTION_UNREADABLE", "message": "Later."}),
        (503, "Service Unavailable"),
    ],
)
async def test_any_other_response_is_dont_know(server: Server, tokens: AccessTokens, status: int, body: object) -> None:
    server.status, server.body = status, body

    with pytest.raises(AuthServerUnavailable) as caught:
        await tokens.get("ada", "github")
    assert caught.value.headers == {"Retry-After": "1"}
    assert "a-token" not in str(caught.value.reason)


async def test_a_connection_that_was_closed_in_between_is_no_outage(server: Server, tokens: AccessTokens) -> None:
    server.closes_first = 1

    assert await tokens.get("ada", "github") == "a-token"


async def test_an_auth_server_that_closes_every_connection_is_unavailable(server: Server, tokens: AccessTokens) -> None:
    server.closes_first = 100

    with pytest.raises(AuthServerUnavailable):
        await tokens.get("ada", "github")


async def test_it_is_not_waited_for_without_end(server: Server, settings: SidecarSettings) -> None:
    server.hangs = True
    async with open_http(settings) as http:
        with pytest.raises(AuthServerUnavailable):
            await AccessTokens(http, settings, timeout_seconds=0.2).get("ada", "github")


async def test_no_more_are_asked_at_once_than_it_is_given_connections(
    server: Server, tokens: AccessTokens, settings: SidecarSettings
) -> None:
    server.hangs = True
    asking = [asyncio.create_task(tokens.get("ada", "github")) for _ in range(TOKEN_REQUESTS * 3)]
    for _ in range(TOKEN_REQUESTS):
        await server.arrivals.get()
    # What was sent before this has arrived with it.
    async with aiohttp.ClientSession() as other, other.get(settings.auth_server_url):
        assert server.arrivals.empty()

    server.is_over.set()

    assert set(await asyncio.gather(*asking)) == {"a-token"}
    assert len(server.asked) == TOKEN_REQUESTS * 3


def test_the_auth_server_gives_up_first() -> None:
    assert CONTRACT["timeoutSeconds"] == TIMEOUT_SECONDS
    assert CONTRACT["waitSeconds"] < TIMEOUT_SECONDS
