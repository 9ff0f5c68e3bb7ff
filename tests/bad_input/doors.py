"""Every port that takes requests, and the two servers that stand in front of the services."""

from dataclasses import dataclass

from stack.caddy import CADDY
from stack.target import Stack


@dataclass(frozen=True)
class Door:
    name: str
    service: str
    """Who answers, and in whose log the request stands."""
    get: str
    post: str

    def url(self, stack: Stack, caddy: str) -> str:
        urls = {
            "auth server": stack.auth_url,
            "auth server, private": stack.auth_internal_url,
            "backend": stack.api_url,
            "preview": stack.frontend_url,
            "Caddy": caddy,
        }
        return urls[self.name.partition(":")[0]]


_AUTH = ("auth-server", "/api/auth/session", "/api/auth/sign-in/email")
_BACKEND = ("backend", "/api/me", "/api/notes")
SERVICES = [
    Door("auth server", *_AUTH),
    Door("auth server, private", "auth-server", "/internal/session", "/internal/feed"),
    Door("backend", *_BACKEND),
]
FRONTS = [
    Door(f"{front}: {behind[0]}", *behind)
    for front in ("preview", *(["Caddy"] if CADDY else []))
    for behind in (_AUTH, _BACKEND)
]
DOORS = [*SERVICES, *FRONTS]
