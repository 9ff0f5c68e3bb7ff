"""The two kinds of credentials, for OpenAPI: they give /docs its *Authorize* button, and check nothing."""

from typing import Annotated, TypeAlias

from fastapi import Security
from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer
from fastapi.security.base import SecurityBase


class _DocumentedScheme(SecurityBase):
    def __init__(self, scheme_name: str, model: HTTPBearer | APIKey) -> None:
        self.scheme_name = scheme_name
        self.model = model

    async def __call__(self) -> None:
        """Nothing: check.py reads both headers, because which one counts depends on the other."""


_bearer = _DocumentedScheme(
    "bearer", HTTPBearer(description="The token from the `set-auth-token` header of a sign-in.")
)
_cookie = _DocumentedScheme(
    "sessionCookie",
    APIKey.model_validate(
        {
            "in": APIKeyIn.cookie,
            "name": "better-auth.session_token",
            "description": "Set by a sign-in; `__Secure-better-auth.session_token` over https.",
        }
    ),
)
Bearer: TypeAlias = Annotated[None, Security(_bearer)]
Cookie: TypeAlias = Annotated[None, Security(_cookie)]
