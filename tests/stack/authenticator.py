"""An authenticator app (RFC 6238): the secret from the QR code, and what is shown in each half minute."""

import base64
import hmac
import struct
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from stack.visitors import User, Visitor
from stack.waiting import eventually

PERIOD_SECONDS = 30


@dataclass(frozen=True)
class Authenticator:
    key: bytes

    @classmethod
    def from_uri(cls, uri: str) -> "Authenticator":
        (secret,) = parse_qs(urlsplit(uri).query)["secret"]
        return cls(base64.b32decode(secret + "=" * (-len(secret) % 8)))

    def code(self, ahead: int = 0) -> str:
        """Of this half minute, or of one after it. Each is accepted once, from half a minute before to half a minute
        after its own."""
        counter = int(time.time()) // PERIOD_SECONDS + ahead
        digest = hmac.digest(self.key, struct.pack(">Q", counter), "sha1")
        (number,) = struct.unpack_from(">I", digest, digest[19] % 16)
        return f"{(number & 0x7FFFFFFF) % 10**6:06}"


def set_up_app(visitor: Visitor, user: User) -> Authenticator:
    """The visitor's session goes on. Uses the code of the half minute before."""
    begun = visitor.auth("POST", "/two-factor/enable", json={"password": user.password}).raise_for_status()
    app = Authenticator.from_uri(begun.json()["totpURI"])
    # With time left in which that one is accepted.
    eventually(lambda: time.time() % PERIOD_SECONDS < PERIOD_SECONDS - 10, within_seconds=15)
    visitor.auth("POST", "/two-factor/verify-totp", json={"code": app.code(-1)}).raise_for_status()
    return app
