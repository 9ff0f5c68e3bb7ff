"""The auth server's answers, told apart: a user, nobody, and everything else, which means "don't know"."""

import re
from http import HTTPStatus
from typing import Annotated

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from auth_sidecar.errors import (
    AuthServerUnavailable,
    BannedUser,
    InvalidToken,
    SessionExpired,
    SessionRequired,
    Unauthenticated,
)
from auth_sidecar.identity import Identity
from auth_sidecar.source import Answer

MAX_ANSWER_BYTES = 64 * 1024
_OWN_COOKIE = re.compile(r"(?:__Secure-)?better-auth\.(?:session_token|dont_remember)=[\x20-\x7e]*")
# A proxy that finds nobody behind it, or an auth server whose database is away.
_OUTAGES = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_NOBODY = {error().code: error for error in (SessionRequired, InvalidToken, SessionExpired, BannedUser)}


class _Refusal(BaseModel):
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,63}$")]


async def read_answer(response: aiohttp.ClientResponse) -> Answer | Unauthenticated:
    """Raises AuthServerUnavailable for whatever is neither a 200 nor a 401 in the auth server's own shape.

    A 401 that some proxy or another server makes up is not the auth server saying "nobody".
    """
    if response.status not in (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED):
        raise AuthServerUnavailable(f"status {response.status}", is_outage=response.status in _OUTAGES)
    if response.content_type != "application/json":
        raise AuthServerUnavailable(f"status {response.status} that is not JSON")
    body = await _read_bounded(response)
    try:
        return _identity(response, body) if response.status == HTTPStatus.OK else _nobody(body)
    except ValidationError as error:
        raise AuthServerUnavailable(f"status {response.status} of an unknown shape") from error


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise AuthServerUnavailable("an answer too long")
    return bytes(body)


def _identity(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    identity = Identity.model_validate_json(body)
    if identity.session.user_id != identity.user.id:
        raise AuthServerUnavailable("a session of somebody else")
    cookies = response.headers.getall("Set-Cookie", [])
    return Answer(identity, tuple(cookie for cookie in cookies if _OWN_COOKIE.fullmatch(cookie)))


def _nobody(body: bytes) -> Unauthenticated:
    code = _Refusal.model_validate_json(body).code
    known = _NOBODY.get(code)
    return Unauthenticated(code) if known is None else known()
