"""Asks the auth server's private port for a user's token at a connected service. It keeps none."""

import asyncio
import re
from http import HTTPStatus

import aiohttp

from auth_sidecar.auth_server.http import TOKEN_REQUESTS
from auth_sidecar.auth_server.responses import read_bounded, reason_for, refuse_odd_framing, to_nobody
from auth_sidecar.auth_server.strict_json import parse_object
from auth_sidecar.errors import (
    AuthServerUnavailable,
    ConnectionRevoked,
    NotConnected,
    ServiceUnavailable,
    ServiceUnknown,
    Unauthenticated,
)
from auth_sidecar.settings import SidecarSettings

TIMEOUT_SECONDS = 6
"""Longer than the auth server lets a caller wait for a refresh (contract/access-token.json)."""

_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")


class AccessTokens:
    """Bounded in time and in number. Each call asks: a connection that was removed counts at once."""

    def __init__(
        self, http: aiohttp.ClientSession, settings: SidecarSettings, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._http = http
        self._timeout_seconds = timeout_seconds
        self._url = f"{settings.auth_server_url}/internal/access-token"
        self._slots = asyncio.Semaphore(TOKEN_REQUESTS)

    async def get(self, user_id: str, service: str) -> str:
        """Raises as `AuthSidecar.access_token` says."""
        try:
            async with asyncio.timeout(self._timeout_seconds), self._slots:
                return await self._ask(user_id, service)
        except TimeoutError as error:
            raise AuthServerUnavailable("timeout") from error

    async def _ask(self, user_id: str, service: str) -> str:
        try:
            return await self._post(user_id, service)
        except aiohttp.ServerDisconnectedError:
            # A kept connection that the auth server has closed. aiohttp repeats a GET by itself.
            return await self._post_again(user_id, service)
        except (aiohttp.ClientError, OSError) as error:
            raise AuthServerUnavailable(type(error).__name__) from error

    async def _post_again(self, user_id: str, service: str) -> str:
        try:
            return await self._post(user_id, service)
        except (aiohttp.ClientError, OSError) as error:
            raise AuthServerUnavailable(type(error).__name__) from error

    async def _post(self, user_id: str, service: str) -> str:
        question = {"userId": user_id, "service": service}
        async with self._http.post(self._url, json=question, allow_redirects=False) as response:
            return await _read(response, service)


async def _read(response: aiohttp.ClientResponse, service: str) -> str:
    """Raises AuthServerUnavailable for whatever is not exactly as the auth server writes it."""
    status = response.status
    refuse_odd_framing(response)
    try:
        document = parse_object(await read_bounded(response))
        if status == HTTPStatus.OK:
            return _to_token(document)
        refusal = _to_refusal(status, document, service)
    except ValueError as error:
        raise AuthServerUnavailable(f"status {status} of an unknown shape") from error
    raise refusal


def _to_token(document: dict[str, object]) -> str:
    token = document.get("accessToken")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise ValueError("no token")
    return token


def _to_refusal(
    status: int, document: dict[str, object], service: str
) -> Unauthenticated | NotConnected | ConnectionRevoked | ServiceUnavailable | ServiceUnknown | AuthServerUnavailable:
    if status == HTTPStatus.UNAUTHORIZED:
        return to_nobody(document)
    code = document.get("code")
    if (status, code) == (HTTPStatus.CONFLICT, "SERVICE_NOT_CONNECTED"):
        return NotConnected(service)
    if (status, code) == (HTTPStatus.CONFLICT, "CONNECTION_REVOKED"):
        return ConnectionRevoked(service)
    if (status, code) == (HTTPStatus.NOT_FOUND, "SERVICE_NOT_FOUND"):
        return ServiceUnknown(service)
    if (status, code) == (HTTPStatus.SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE"):
        return ServiceUnavailable(service, "the auth server could not refresh the token")
    return AuthServerUnavailable(reason_for(status))
