"""The connected service `demo`: another company's API, asked with the user's own token."""

from typing import Annotated, Final

import aiohttp
from pydantic import StringConstraints, ValidationError

from app.responses import ResponseModel
from auth_sidecar import ConnectionRevoked, ServiceUnavailable

SERVICE: Final = "demo"
"""Its id in the auth server's CONNECTED_SERVICES."""
_TIMEOUT: Final = aiohttp.ClientTimeout(total=3)
_MAX_BYTES: Final = 64 * 1024
_UNAUTHORIZED: Final = 401
_OK: Final = 200

_Text = Annotated[str, StringConstraints(max_length=255)]


class ExternalAccount(ResponseModel):
    """The user, as the connected service knows them."""

    sub: _Text
    name: _Text | None = None
    email: _Text | None = None


async def fetch_account(url: str, token: str) -> ExternalAccount:
    """What the service says about the token's account. Raises ConnectionRevoked and ServiceUnavailable."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            # A redirect would carry the token to wherever it leads.
            http.get(url, headers=headers, allow_redirects=False) as response,
        ):
            if response.status == _UNAUTHORIZED:  # the user has taken the permission back, there
                raise ConnectionRevoked(SERVICE)
            if response.status != _OK:
                raise ServiceUnavailable(SERVICE, f"status {response.status}")
            return ExternalAccount.model_validate_json(await _read_bounded(response))
    except (aiohttp.ClientError, TimeoutError, ValidationError) as error:
        raise ServiceUnavailable(SERVICE, type(error).__name__) from error


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise ServiceUnavailable(SERVICE, "a response that is too long")
    return bytes(body)
