"""Reads who a request says it is. Nothing is asked and nothing is verified here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from auth_sidecar.errors import InvalidToken

RawHeaders: TypeAlias = Iterable[tuple[bytes, bytes]]
"""ASGI's: names in lower case, in the order in which they arrived."""

# A signed token has about 80 characters. What is far longer is refused here, at no cost to the auth server.
MAX_CREDENTIAL_BYTES = 4 * 1024
MAX_COOKIE_HEADER_BYTES = 64 * 1024

# RFC 6750 §2.1: the scheme in any case, one token. Two tokens or a list are nobody's.
_BEARER = re.compile(rb"bearer +([A-Za-z0-9._~+/=%-]+)", re.IGNORECASE)
_SESSION_COOKIE = re.compile(rb"(?:__Secure-)?better-auth\.session_token")
_PASSED_ON = re.compile(rb"(?:__Secure-)?better-auth\.(?:session_token|dont_remember)")
_COOKIE_VALUE = re.compile(rb"[!#-+\--:<-\[\]-~]*|\"[!#-+\--:<-\[\]-~]*\"")  # RFC 6265 §4.1.1


@dataclass(frozen=True, slots=True)
class Credential:
    """One header to pass on to the auth server. Equal credentials are the same claim, so this can be a cache's key."""

    kind: Literal["bearer", "cookie"]
    value: str = field(repr=False)
    """The header's value in a canonical form: `Bearer <token>`, or only better-auth's session cookies."""


def read_bearer(headers: RawHeaders) -> Credential | None:
    """The bearer token, or None without an Authorization header. InvalidToken if there is one that is anything else."""
    given = [value for name, value in headers if name == b"authorization"]
    if not given:
        return None
    if len(given) > 1 or len(given[0]) > MAX_CREDENTIAL_BYTES:
        raise InvalidToken
    match = _BEARER.fullmatch(given[0].strip(b" \t"))
    if match is None:
        raise InvalidToken
    return Credential("bearer", f"Bearer {match[1].decode('ascii')}")


def read_session_cookie(headers: RawHeaders) -> Credential | None:
    """The session cookie, or None without one. InvalidToken if it cannot be one of better-auth's.

    Other cookies stay here: they are none of the auth server's business. Several of one name (a sibling domain can
    plant one) are passed on in their order, so that the auth server reads them as it does in a browser's own calls.
    """
    lines = [value for name, value in headers if name == b"cookie"]
    if not lines:
        return None
    if sum(map(len, lines)) > MAX_COOKIE_HEADER_BYTES:
        raise InvalidToken
    pairs = [pair.strip(b" \t").partition(b"=") for line in lines for pair in line.split(b";")]
    own = [(name, value) for name, _, value in pairs if _PASSED_ON.fullmatch(name)]
    if not any(_SESSION_COOKIE.fullmatch(name) for name, _ in own):
        return None
    joined = b"; ".join(b"=".join(pair) for pair in own)
    if len(joined) > MAX_CREDENTIAL_BYTES or not all(_COOKIE_VALUE.fullmatch(value) for _, value in own):
        raise InvalidToken
    return Credential("cookie", joined.decode("ascii"))


def refuse_two_sessions(bearer: Credential, cookie: Credential | None) -> None:
    """Raises InvalidToken where the cookie beside a bearer is of another session: nobody can tell who is meant."""
    if cookie is None:
        return
    pairs = (pair.partition("=") for pair in cookie.value.split("; "))
    of_cookie = {value.strip('"').partition(".")[0] for name, _, value in pairs if name.endswith("session_token")}
    if bearer.value.removeprefix("Bearer ").partition(".")[0] not in of_cookie:
        raise InvalidToken
