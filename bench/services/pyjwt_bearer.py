"""A bearer JWT verified offline, as FastAPI's documentation does it. Not `def`: that takes a thread."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ISSUER = "https://bench.example.com"
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def jwt_email(key: str | Ed25519PublicKey, algorithm: str) -> Callable[[Bearer], Awaitable[str]]:
    """A dependency that returns the token's `email`, or raises a 401."""

    async def email(bearer: Bearer) -> str:
        try:
            claims = jwt.decode(bearer.credentials, key, algorithms=[algorithm], audience=ISSUER, issuer=ISSUER)
        except jwt.InvalidTokenError:
            raise HTTPException(401, "Invalid token") from None
        return claims["email"]

    return email
