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
_SECURE_PREFIX = b"__Secure-"
_SESSION_COOKIE = b"better-auth.session_token"
_DONT_REMEMBER_COOKIE = b"better-auth.dont_remember"
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

    Other cookies stay here: they are none of the auth server's business. A sibling domain can plant one of our names:
    the auth server's own rule says which counts (auth-server/src/sessions/credential.ts), and only that is passed on.
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
    cookies: dict[bytes, bytes] = {}
    for line in lines:
        for pair in line.split(b";"):
            name, equals, value = pair.partition(b"=")
            if equals:
                cookies.setdefault(name.strip(b" \t"), value.strip(b" \t"))
    session = _first_of(cookies, _SESSION_COOKIE)
    if session is None:
        return None
    if not _may_be_ours(session):
        raise InvalidToken
    dont_remember = _first_of(cookies, _DONT_REMEMBER_COOKIE)
    # What cannot be verified there is as good as not sent: it must not lock its browser out here.
    return session if dont_remember is None or not _may_be_ours(dont_remember) else session + b"; " + dont_remember


def _first_of(cookies: dict[bytes, bytes], name: bytes) -> bytes | None:
    """The cookie with its value. A page on plain http cannot set the prefixed one, so that is read before the other."""
    for full_name in (_SECURE_PREFIX + name, name):
        if full_name in cookies:
            return full_name + b"=" + cookies[full_name]
    return None


def _may_be_ours(cookie: bytes) -> bool:
    return len(cookie) <= MAX_CREDENTIAL_BYTES and _COOKIE_VALUE.fullmatch(cookie.partition(b"=")[2]) is not None


def refuse_two_sessions(bearer: Credential, cookie: Credential) -> None:
    """Raises InvalidToken where the cookie beside a bearer is of another session: nobody can tell who is meant."""
    session = cookie.partition(b";")[0].partition(b"=")[2].strip(b'"')
    # An emptied cookie is of no session.
    if session and session.partition(b".")[0] != bearer.removeprefix(b"Bearer ").partition(b".")[0]:
        raise InvalidToken
