"""Tokens as the auth server makes them, for tests that make them wrongly."""

import base64
import hashlib
import hmac
from urllib.parse import quote, unquote


def sign(token: str, secret: str) -> str:
    """A session token with its signature: what a bearer sends."""
    digest = hmac.new(secret.encode(), token.encode(), hashlib.sha256).digest()
    return f"{token}.{base64.b64encode(digest).decode()}"


def as_cookie(signed: str) -> str:
    return quote(signed, safe="")


def from_cookie(value: str) -> str:
    return unquote(value)
