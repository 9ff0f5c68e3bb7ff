"""Reads who a request says it is. Nothing is asked and nothing is verified here."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias

from auth_sidecar.errors import InvalidToken

RawHeaders: TypeAlias = Iterable[tuple[bytes, bytes]]
"""ASGI's: names in lower case, in the order in which they arrived."""

# A signed token has about 80 characters. What is far longer is refused here, at no cost to the auth server.
MAX_CREDENTIAL_BYTES = 4 * 1024
MAX_COOKIE_HEADER_BYTES = 64 * 1024
# Browsers keep fewer for a site; to take a header of thousands apart would occupy the event loop.
MAX_COOKIES = 512

# RFC 6750 §2.1: the scheme in any case, one token. Two tokens or a list are nobody's.
_BEARER = re.compile(rb"[ \t]*[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=%-]+)[ \t]*")
_SESSION_COOKIE = re.compile(rb"(?:__Secure-)?better-auth\.session_token")
_PASSED_ON = re.compile(rb"(?:__Secure-)?better-auth\.(?:session_token|dont_remember)")
_COOKIE_VALUE = re.compile(rb"[!#-+\--:<-\[\]-~]*|\"[!#-+\--:<-\[\]-~]*\"")  # RFC 6265 §4.1.1
# What a browser sends in nearly every request: better-auth's one cookie, among others'.
_OURS = b"better-auth."
_ONE_COOKIE = re.compile(rb"(?:^|; )((?:__Secure-)?better-auth\.session_token=[!#-+\--:<-\[\]-~]*)(?=;|$)")


class Credential(NamedTuple):
    """One header to pass on to the auth server."""

    kind: Literal["bearer", "cookie"]
    value: bytes
    """The header's value in a canonical form: `Bearer <token>`, or only better-auth's session cookies. ASCII."""

    def digest(self) -> bytes:
        """32 bytes that stand for it in memory: a dump of a cache opens nothing. The two kinds never meet in one."""
        return sha256(self.value).digest()

    def __repr__(self) -> str:
        return f"Credential({self.kind})"


def read_credentials(headers: RawHeaders) -> tuple[bytes | None, list[bytes]]:
    """The Authorization header and the lines of cookies, as they came. InvalidToken for two Authorization headers."""
    authorization: bytes | None = None
    cookies: list[bytes] = []
    for name, value in headers:
        if name == b"authorization":
            if authorization is not None:
                raise InvalidToken
            authorization = value
        elif name == b"cookie":
            cookies.append(value)
    return authorization, cookies


def read_bearer(authorization: bytes) -> Credential:
    """The bearer token. InvalidToken for a header that is anything else."""
    match = _BEARER.fullmatch(authorization)
    if match is None or len(authorization) > MAX_CREDENTIAL_BYTES:
        raise InvalidToken
    return Credential("bearer", b"Bearer " + match[1])


def read_session_cookie(lines: list[bytes]) -> Credential | None:
    """The session cookie, or None without one. InvalidToken if it cannot be one of better-auth's.

    Other cookies stay here: they are none of the auth server's business. Several of one name (a sibling domain can
    plant one) are passed on in their order, so that the auth server reads them as it does in a browser's own calls.
    """
    if len(lines) == 1 and lines[0].count(_OURS) == 1 and len(lines[0]) < MAX_CREDENTIAL_BYTES:
        match = _ONE_COOKIE.search(lines[0])
        if match is not None:
            return Credential("cookie", match[1])
    return _read_any_cookie(lines)


def _read_any_cookie(lines: list[bytes]) -> Credential | None:
    if not any(_OURS in line for line in lines):
        return None
    if sum(map(len, lines)) > MAX_COOKIE_HEADER_BYTES or sum(line.count(b";") for line in lines) > MAX_COOKIES:
        raise InvalidToken
    pairs = [pair.strip(b" \t").partition(b"=") for line in lines for pair in line.split(b";")]
    own = [(name, value) for name, _, value in pairs if _PASSED_ON.fullmatch(name)]
    if not any(_SESSION_COOKIE.fullmatch(name) for name, _ in own):
        return None
    joined = b"; ".join(b"=".join(pair) for pair in own)
    if len(joined) > MAX_CREDENTIAL_BYTES or not all(_COOKIE_VALUE.fullmatch(value) for _, value in own):
        raise InvalidToken
    return Credential("cookie", joined)


def refuse_two_sessions(bearer: Credential, cookie: Credential) -> None:
    """Raises InvalidToken where the cookie beside a bearer is of another session: nobody can tell who is meant."""
    pairs = (pair.partition(b"=") for pair in cookie.value.split(b"; "))
    of_cookie = {value.strip(b'"').partition(b".")[0] for name, _, value in pairs if name.endswith(b"session_token")}
    if bearer.value.removeprefix(b"Bearer ").partition(b".")[0] not in of_cookie:
        raise InvalidToken
