"""Every port that takes requests, and the two proxies in front of the services."""

from dataclasses import dataclass

from stack.caddy import CADDY
from stack.target import Stack


@dataclass(frozen=True)
class Listener:
    name: str
    service: str
    """Who responds, and in whose log the request is."""
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
    Listener("auth server", *_AUTH),
    Listener("auth server, private", "auth-server", "/internal/session", "/internal/feed"),
    Listener("backend", *_BACKEND),
]
FRONTS = [
    Listener(f"{front}: {behind[0]}", *behind)
    for front in ("preview", *(["Caddy"] if CADDY else []))
    for behind in (_AUTH, _BACKEND)
]
LISTENERS = [*SERVICES, *FRONTS]
