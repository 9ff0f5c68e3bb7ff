"""Reads a response of the auth server: a user, nobody, or anything else, which means "don't know"."""

import re
import time
from datetime import datetime
from http import HTTPStatus
from typing import Final, cast

import aiohttp
from pydantic import ValidationError

from auth_sidecar.auth_server.strict_json import parse_object
from auth_sidecar.check_result import CheckResult
from auth_sidecar.errors import (
    AuthServerUnavailable,
    BannedUser,
    InvalidToken,
    OldTokenEmailNotVerified,
    OldTokenEnded,
    OldTokenExpired,
    OldTokenSecondFactor,
    OldTokensOver,
    OldTokenUserUnknown,
    SessionExpired,
    SessionRequired,
    Unauthenticated,
)
from auth_sidecar.identity import Identity, Session

MAX_RESPONSE_BYTES = 64 * 1024
MAX_CLOCK_DIFFERENCE_SECONDS = 300
"""A session may begin this far ahead of our clock: a clock that is a little slow locks nobody out."""
_JSON: Final = re.compile(r'application/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?[ \t]*', re.IGNORECASE)
# From a proxy without an auth server behind it, or from an auth server without its database.
_OUTAGES = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
# What a status says about the settings of this service, for the log.
_HINTS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: (
        "AUTH_SERVER_URL leads to the auth server's public port, or to another program; use its private port "
        "(AUTH_INTERNAL_PORT, 4001 by default)"
    ),
    HTTPStatus.FORBIDDEN: "INTERNAL_TOKEN is not the one that the auth server has",
}

# A newer auth server may have more reasons to say "nobody": a code that is not known here is believed where the body is
# the one error body and nothing else. UNAUTHORIZED is better-auth's, which says it also while its database is down.
_ERROR_BODY = ("code", "message")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,63}")
_NOT_OURS = ("UNAUTHORIZED",)
_OLD_TOKEN = (
    OldTokenExpired,
    OldTokenEnded,
    OldTokenUserUnknown,
    OldTokenSecondFactor,
    OldTokenEmailNotVerified,
    OldTokensOver,
)
_NOBODY = {error().code: error for error in (SessionRequired, InvalidToken, SessionExpired, BannedUser, *_OLD_TOKEN)}
# As JavaScript's toISOString() writes it, for years of four digits.
_TIME = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z")
_TIMES = {
    "session": ("createdAt", "updatedAt", "expiresAt", "refreshAt", "secondFactorAt"),
    "user": ("createdAt", "updatedAt"),
}


async def read_response(response: aiohttp.ClientResponse) -> CheckResult | Unauthenticated | AuthServerUnavailable:
    """With every `Set-Cookie` as it came: renewed_cookie.py says which of them a browser may see.

    AuthServerUnavailable is returned where the auth server responds that it does not know this one credential. It
    raises AuthServerUnavailable for whatever is neither a 200 nor a 401 exactly as the auth server writes them.

    A 401 from a proxy or another server does not mean "nobody".
    """
    status = response.status
    if status == HTTPStatus.SERVICE_UNAVAILABLE and await _is_about_keys(response):
        return AuthServerUnavailable("the issuer of old tokens is unavailable")
    if status not in (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED):
        raise AuthServerUnavailable(reason_for(status), is_outage=status in _OUTAGES)
    refuse_odd_framing(response)
    body = await read_bounded(response)
    try:
        document = parse_object(body)
        if status == HTTPStatus.UNAUTHORIZED:
            return to_nobody(document)
        identity = _to_identity(document)
    except ValidationError as error:
        raise AuthServerUnavailable(f"status {status} of an unknown shape: {_fields_of(error)}") from error
    except ValueError as error:
        raise AuthServerUnavailable(f"status {status} of an unknown shape") from error
    _refuse_odd_times(identity.session)
    return CheckResult(identity, tuple(response.headers.getall("Set-Cookie", ())))


async def _is_about_keys(response: aiohttp.ClientResponse) -> bool:
    """Whoever sends tokens of a key that nobody knows must not open the breaker for the sessions of others."""
    try:
        return parse_object(await read_bounded(response)).get("code") == "OLD_TOKEN_KEYS_UNAVAILABLE"
    except (AuthServerUnavailable, ValueError):
        return False


def reason_for(status: int) -> str:
    """The status, and where a setting explains it, which one and what to set."""
    hint = _HINTS.get(status)
    return f"status {status}" if hint is None else f"status {status}: {hint}"


def refuse_odd_framing(response: aiohttp.ClientResponse) -> None:
    """We ask for plain JSON over HTTP/1 only."""
    headers = response.headers
    types = headers.getall("Content-Type", [])
    if len(types) != 1 or not _JSON.fullmatch(types[0]):
        raise AuthServerUnavailable(f"status {response.status} that is not JSON")
    if "Content-Encoding" in headers or "Content-Range" in headers:
        raise AuthServerUnavailable("an encoded or partial response: whatever compresses must leave this port alone")
    if response.version not in (aiohttp.HttpVersion10, aiohttp.HttpVersion11):
        raise AuthServerUnavailable("another version of HTTP")
    if [value.lower() for value in headers.getall("Transfer-Encoding", [])] not in ([], ["chunked"]):
        raise AuthServerUnavailable("an unknown transfer coding")


async def read_bounded(response: aiohttp.ClientResponse) -> bytes:
    """Raises AuthServerUnavailable for a body that is longer than any of the auth server's."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise AuthServerUnavailable("a response that is too long")
    return bytes(body)


def to_nobody(document: dict[str, object]) -> Unauthenticated:
    """Of a 401. Raises ValueError and AuthServerUnavailable for what the auth server would not say."""
    code, message = map(document.get, _ERROR_BODY)
    if not isinstance(code, str) or not isinstance(message, str):
        raise ValueError("no error body")  # noqa: TRY004 - it is what was received that is wrong
    if not _TIMES.keys().isdisjoint(document):
        raise ValueError("an error and an identity at once")
    known = _NOBODY.get(code)
    if known is not None:
        return known()
    if code in _NOT_OURS or not _CODE.fullmatch(code) or len(document) != len(_ERROR_BODY):
        raise AuthServerUnavailable("status 401 with a code that is none of the auth server's")
    return Unauthenticated(code)


def _to_identity(document: dict[str, object]) -> Identity:
    """Fields that are not known are left out: a newer auth server may say more."""
    if "code" in document:
        raise ValueError("an error and an identity at once")
    parts = {part: _with_times(document.get(part), names) for part, names in _TIMES.items()}
    identity = Identity.model_validate(parts, by_alias=True, by_name=False)
    if identity.session.user_id != identity.user.id:
        raise AuthServerUnavailable("a session of somebody else")
    return identity


def _with_times(part: object, names: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(part, dict):
        raise ValueError("no object")  # noqa: TRY004 - it is what was received that is wrong
    members = dict(cast("dict[str, object]", part))
    for name in names:
        if members.get(name) is not None:
            members[name] = _to_time(members[name])
    return members


def _to_time(value: object) -> datetime:
    """Strictly: pydantic also takes digits, other zones and other precisions."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("no time in UTC with milliseconds")
    return datetime.fromisoformat(value)


def _refuse_odd_times(session: Session) -> None:
    """Expiry is compared with this machine's clock everywhere in this package. Retrying settles a small difference."""
    now = time.time()
    if session.expires_at.timestamp() <= now:
        raise AuthServerUnavailable("a session that is over: compare this machine's clock with the database's")
    if session.created_at.timestamp() > now + MAX_CLOCK_DIFFERENCE_SECONDS:
        raise AuthServerUnavailable("a session from the future: compare this machine's clock with the auth server's")
    if session.created_at >= session.expires_at:
        raise AuthServerUnavailable("a session that ends before it begins")
    if session.refresh_at is not None and session.refresh_at > session.expires_at:
        raise AuthServerUnavailable("a session that is extended after its end")


def _fields_of(error: ValidationError) -> str:
    """Names only: values are personal."""
    return ", ".join(sorted({".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)}))
