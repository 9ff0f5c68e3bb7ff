"""Reads the credential of a request. Nothing is verified here."""

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import blake2b, sha256
from typing import Protocol, TypeAlias
from urllib.parse import unquote_to_bytes

from auth_sidecar.errors import InvalidToken

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]
"""ASGI's: names in lower case, in the order in which they arrived."""

# A signed token has about 80 characters. What is far longer is refused here, at no cost to the auth server.
MAX_BEARER_BYTES = 4 * 1024
# The auth server looks at no more either (auth-server/src/sessions/cookies.ts).
MAX_CANDIDATES = 8

# RFC 6750 §2.1: the scheme in any case, one token. Two tokens or a list are nobody's.
_BEARER = re.compile(rb"[ \t]*[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=%-]+)[ \t]*")
# As nearly every client writes it: this is the canonical form already.
_CANONICAL_BEARER = re.compile(rb"Bearer [A-Za-z0-9._~+/=%-]+")
# The scheme as a whole token (RFC 9110 §11.1), at the start of the header or of one of several joined.
_BEARER_SCHEME = re.compile(rb"(?i)(?:\A|,)[ \t]*bearer(?![!#$%&'*+.^_`|~0-9A-Za-z-])")
_COOKIE_OCTETS = rb"[!#-+\--:<-\[\]-~]{1,512}"  # RFC 6265 §4.1.1
_VALUE = re.compile(rb"(?:%(octets)b|\"%(octets)b\")" % {b"octets": _COOKIE_OCTETS})
_SESSION_COOKIE = b"better-auth.session_token"
_DONT_REMEMBER_COOKIE = b"better-auth.dont_remember"
# What a browser sends in nearly every request: better-auth's one cookie, alone or among others'.
_OURS = b"better-auth."
_SESSION_PAIR = rb"(?:__Secure-)?better-auth\.session_token=%b" % _COOKIE_OCTETS
_ONLY_COOKIE = re.compile(_SESSION_PAIR)
_ONE_COOKIE = re.compile(rb"(?:\A|; )(%b)(?=;|\Z)" % _SESSION_PAIR)
# Found by C code: a header of thousands of cookies must not occupy the event loop.
_ANY_COOKIE = re.compile(
    rb"(?:\A|;)[ \t]*(?P<name>(?:__Secure-)?better-auth\.(?P<kind>session_token|dont_remember))[ \t]*"
    rb"=[ \t]*(?P<value>[^;]*)"
)


Credential: TypeAlias = bytes
"""What to pass on to the auth server, in a canonical form: `Bearer <token>`, or only better-auth's session cookies, or
both with a line feed between. ASCII. It opens somebody's session: never to be logged, or kept but as a digest."""


def is_bearer(credential: Credential) -> bool:
    """Whether a bearer is what counts, if anything does: no cookie looks like one."""
    return credential.startswith(b"Bearer ")


def headers_of(credential: Credential) -> dict[str, str]:
    """The headers of a check at the auth server."""
    first, _, cookie = credential.decode("ascii").partition("\n")
    if not is_bearer(credential):
        return {"Cookie": first}
    return {"Authorization": first, "Cookie": cookie} if cookie else {"Authorization": first}


class Hash(Protocol):
    """What hashlib's constructors make."""

    def copy(self) -> "Hash":
        """Another one that has hashed the same."""
        ...

    def update(self, data: bytes, /) -> None:
        """Hashes more."""
        ...

    def digest(self) -> bytes:
        """Of all that was hashed."""
        ...


def new_salted_hash(salted: Callable[..., Hash] = blake2b) -> Hash:
    """BLAKE2b with a salt of this process. With cold caches, its copy costs half of what a new SHA-256 does.

    A Python that is bound to FIPS 140 has no BLAKE2 and raises ValueError.
    """
    salt = os.urandom(16)
    try:
        return salted(digest_size=32, salt=salt)
    except ValueError:
        return sha256(salt)


_salted_hash = new_salted_hash()


def digest_of(credential: Credential) -> bytes:
    """32 bytes that stand for it in memory: a dump of a cache opens nothing. Other processes have other digests."""
    salted = _salted_hash.copy()
    salted.update(credential)
    return salted.digest()


def names_bearer(headers: RawHeaders) -> bool:
    """Whether an Authorization header is for us. Basic or Negotiate is for the proxy of a protected site."""
    return any(name == b"authorization" and _BEARER_SCHEME.search(value) for name, value in headers)


def read_credential(headers: RawHeaders) -> Credential | None:
    """What the request presents, None for nothing. InvalidToken for what can be no credential of ours.

    Which of several cookies counts is known to the auth server alone: its secret signs them, and its PUBLIC_URL says by
    which name they go. So all that may count are passed on, in their order, and are the key of what is kept.
    """
    authorization = b""
    lines: list[bytes] = []
    for name, value in headers:
        if name == b"cookie":
            lines.append(value)
        elif name == b"authorization":
            authorization = authorization + b", " + value if authorization else value
    if not authorization:
        return _read_cookies(lines) if lines else None
    if not lines and len(authorization) <= MAX_BEARER_BYTES and _CANONICAL_BEARER.fullmatch(authorization):
        return authorization
    if _BEARER_SCHEME.search(authorization):
        return _read_bearer(authorization, lines)
    return _read_cookies(lines) if lines else None


def _read_bearer(authorization: bytes, lines: list[bytes]) -> Credential:
    match = _BEARER.fullmatch(authorization)
    if match is None or len(authorization) > MAX_BEARER_BYTES:
        raise InvalidToken
    bearer = b"Bearer " + match[1]
    sessions = _find_cookies(lines)[b"session_token"]
    token = unquote_to_bytes(match[1])
    if all(unquote_to_bytes(cookie.partition(b"=")[2].strip(b'"')) == token for cookie in sessions):
        return bearer
    # Perhaps of another session, which makes the request nobody's; perhaps junk, which means nothing.
    return bearer + b"\n" + b"; ".join(sessions)


def _read_cookies(lines: list[bytes]) -> Credential | None:
    if len(lines) == 1 and _ONLY_COOKIE.fullmatch(lines[0]):
        return lines[0]
    if len(lines) == 1 and lines[0].count(_OURS) == 1:
        match = _ONE_COOKIE.search(lines[0])
        if match is not None:
            return match[1]
    found = _find_cookies(lines)
    sessions = found[b"session_token"]
    if sessions:
        return b"; ".join(sessions + found[b"dont_remember"])
    if found[b"malformed"]:
        raise InvalidToken
    return None


def _find_cookies(lines: list[bytes]) -> dict[bytes, list[bytes]]:
    """Those that may count, by kind; of each name the first few. What only has its name is under `malformed`."""
    found: dict[bytes, list[bytes]] = {b"session_token": [], b"dont_remember": [], b"malformed": []}
    count: Counter[bytes] = Counter()
    for match in (match for line in lines if _OURS in line for match in _ANY_COOKIE.finditer(line)):
        name, kind, value = match["name"], match["kind"], match["value"].strip(b" \t")
        if value in (b"", b'""'):
            continue
        if _VALUE.fullmatch(value) is None:
            # One that says not to remember counts for nothing then: it must not lock its browser out.
            found[b"malformed"] += [value] if kind == b"session_token" else []
        elif count[name] < MAX_CANDIDATES:
            count[name] += 1
            found[kind].append(name + b"=" + value)
    return found
