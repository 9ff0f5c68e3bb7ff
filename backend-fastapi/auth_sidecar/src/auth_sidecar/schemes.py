"""The two kinds of credentials as OpenAPI knows them: they give /docs its *Authorize* button, and check nothing."""

from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer
from fastapi.security.base import SecurityBase


class _DocumentedScheme(SecurityBase):
    def __init__(self, scheme_name: str, model: HTTPBearer | APIKey) -> None:
        self.scheme_name = scheme_name
        self.model = model

    async def __call__(self) -> None:
        """Nothing to do: check.py reads both headers itself, because which one counts depends on the other."""


bearer_scheme = _DocumentedScheme(
    "bearer", HTTPBearer(description="The token from the `set-auth-token` header of a sign-in.")
)
cookie_scheme = _DocumentedScheme(
    "sessionCookie",
    APIKey.model_validate(
        {
            "in": APIKeyIn.cookie,
            "name": "better-auth.session_token",
            "description": "Set by a sign-in; `__Secure-better-auth.session_token` over https.",
        }
    ),
)
