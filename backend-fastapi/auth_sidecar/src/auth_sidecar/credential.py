"""Reads who a request says it is. Nothing is asked and nothing is verified here."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import TypeAlias

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


Credential: TypeAlias = bytes
"""One header to pass on to the auth server, in a canonical form: `Bearer <token>`, or only better-auth's session
cookies. ASCII. It opens somebody's session: never to be logged, or kept but as a digest."""


def is_bearer(credential: Credential) -> bool:
    """Which of the two headers it is: no cookie looks like one."""
    return credential.startswith(b"Bearer ")


def digest_of(credential: Credential) -> bytes:
    """32 bytes that stand for it in memory: a dump of a cache opens nothing."""
    return sha256(credential).digest()


def read_bearer(authorization: bytes) -> Credential:
    """The bearer token. InvalidToken for a header that is anything else."""
    match = _BEARER.fullmatch(authorization)
    if match is None or len(authorization) > MAX_CREDENTIAL_BYTES:
        raise InvalidToken
    return b"Bearer " + match[1]


def read_session_cookie(lines: list[bytes]) -> Credential | None:
    """The session cookie, or None without one. InvalidToken if it cannot be one of better-auth's.

    Other cookies stay here: they are none of the auth server's business. Several of one name (a sibling domain can
    plant one) are passed on in their order, so that the auth server reads them as it does in a browser's own calls.
    """
    if len(lines) == 1 and lines[0].count(_OURS) == 1 and len(lines[0]) < MAX_CREDENTIAL_BYTES:
        match = _ONE_COOKIE.search(lines[0])
        if match is not None:
            return match[1]
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
    return joined


def refuse_two_sessions(bearer: Credential, cookie: Credential) -> None:
    """Raises InvalidToken where the cookie beside a bearer is of another session: nobody can tell who is meant."""
    pairs = (pair.partition(b"=") for pair in cookie.split(b"; "))
    of_cookie = {value.strip(b'"').partition(b".")[0] for name, _, value in pairs if name.endswith(b"session_token")}
    if bearer.removeprefix(b"Bearer ").partition(b".")[0] not in of_cookie:
        raise InvalidToken
