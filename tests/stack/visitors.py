"""Who uses the stack: a browser with its cookies, and a program with its bearer token."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Self, TypedDict, Unpack

import httpx

from stack.target import Stack

SESSION_COOKIE = "better-auth.session_token"

_connections = httpx.HTTPTransport(verify=False, limits=httpx.Limits(max_connections=200, keepalive_expiry=1))


@dataclass(frozen=True)
class User:
    """Their e-mail address is unique in the run."""

    email: str = field(default_factory=lambda: f"user-{secrets.token_hex(8)}@example.com")
    password: str = field(default_factory=lambda: f"a password {secrets.token_hex(8)}")
    name: str = "Ada Lovelace"


def new_address() -> str:
    """A client address that nobody else has: sign-ins are counted by address."""
    return f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"


class Options(TypedDict, total=False):
    """What a request may carry. Headers given here replace the visitor's own; an empty value leaves one out."""

    headers: Mapping[str, str]
    params: Mapping[str, str]
    json: object
    content: bytes | str
    data: Mapping[str, str]


class Visitor:
    """Whoever calls both services from one client address."""

    def __init__(self, stack: Stack, address: str | None = None) -> None:
        self.stack = stack
        self.address = address or new_address()

    def credentials(self) -> dict[str, str]:
        """The headers that say who this is."""
        return {}

    def keep(self, response: httpx.Response) -> None:
        """Takes from a response what the next request has to carry."""

    def request(self, method: str, url: str, **options: Unpack[Options]) -> httpx.Response:
        given = {"x-real-ip": self.address, **self.credentials(), **options.pop("headers", {})}
        options["headers"] = {name: value for name, value in given.items() if value}
        with httpx.Client(transport=_Shared(), timeout=60, trust_env=False) as client:
            response = client.request(method, url, **options)
        self.keep(response)
        return response

    def auth(self, method: str, path: str, **options: Unpack[Options]) -> httpx.Response:
        return self.request(method, f"{self.stack.auth_url}/api/auth{path}", **options)

    def api(self, method: str, path: str, **options: Unpack[Options]) -> httpx.Response:
        return self.request(method, f"{self.stack.api_url}/api{path}", **options)

    def sign_up(self, user: User) -> httpx.Response:
        body = {"email": user.email, "password": user.password, "name": user.name}
        return self.auth("POST", "/sign-up/email", json=body)

    def sign_in(self, user: User, **extra: object) -> httpx.Response:
        return self.auth("POST", "/sign-in/email", json={"email": user.email, "password": user.password, **extra})

    def sign_out(self) -> httpx.Response:
        return self.auth("POST", "/sign-out", json={})

    def session(self) -> httpx.Response:
        """What the auth server says about this visitor."""
        return self.auth("GET", "/session")

    def me(self) -> httpx.Response:
        """What the backend says about this visitor."""
        return self.api("GET", "/me")


class Browser(Visitor):
    """The React app in a browser: keeps cookies, and says where its requests come from."""

    def __init__(self, stack: Stack, address: str | None = None, cookies: dict[str, str] | None = None) -> None:
        super().__init__(stack, address)
        self.cookies = dict(cookies or {})

    def credentials(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"origin": self.stack.frontend_url, "sec-fetch-site": "same-origin", "cookie": cookie}

    def keep(self, response: httpx.Response) -> None:
        for line in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]

    @property
    def cookie(self) -> str:
        """The session cookie's value, as it travels."""
        return self.cookies[SESSION_COOKIE]

    def copy(self) -> Self:
        """Another browser with the same cookies: a thief's."""
        return type(self)(self.stack, new_address(), self.cookies)


class ApiClient(Visitor):
    """A program: no cookies, no Origin, the bearer token of its sign-in."""

    def __init__(self, stack: Stack, address: str | None = None, token: str = "") -> None:
        super().__init__(stack, address)
        self.token = token

    def credentials(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}" if self.token else ""}

    def keep(self, response: httpx.Response) -> None:
        self.token = response.headers.get("set-auth-token", self.token)


class _Shared(httpx.BaseTransport):
    """Connections that outlive a client: a new client for each request keeps no cookies of its own."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return _connections.handle_request(request)
