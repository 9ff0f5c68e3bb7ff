"""The auth server, for tests: another machine's program, so a small server of its own on a real socket.

It responds as the real one does, and can be told to misbehave in the ways that machines do.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote, unquote

from aiohttp import web

from tests.support.contract import read_contract
from tests.support.fake_feed import INTERNAL_TOKEN, FakeFeed

_LEASE = read_contract("lease")
_NO_VALUES = {
    part: {name: None for name, field in read_contract("identity")[part].items() if field["nullable"]}
    for part in ("session", "user")
}
"""The fields that are nullable."""
COOKIE = "better-auth.session_token"
SECURE_COOKIE = f"__Secure-{COOKIE}"
NOW = "2026-01-31T12:00:00.000Z"
LATER = "2126-01-31T12:00:00.000Z"

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FakeUser:
    """Somebody who is signed in, with the two credentials of that session."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    email: str = ""
    name: str = "Ada"
    token: str = field(default_factory=lambda: f"{uuid.uuid4().hex}.c2lnbmF0dXJl+/=")
    refused_with: str | None = None
    """The code of a 401, once the session is over."""
    renews_cookie: bool = False
    expires_at: str = LATER
    refresh_at: str | None = None
    signed_in_at: str = NOW
    email_verified: bool = True
    impersonated_by: str | None = None
    is_old_token: bool = False
    """The bearer is a token of an old system, and no session."""
    second_factor_at: str | None = None
    """Sent where there is one: the auth server of today sends none."""

    def __post_init__(self) -> None:
        self.email = self.email or f"{self.id}@example.com"

    @property
    def session_id(self) -> str:
        return f"{'old-token' if self.is_old_token else 'session'}-of-{self.id}"

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    @property
    def cookie(self) -> dict[str, str]:
        return {"cookie": f"{COOKIE}={quote(self.token, safe='')}"}

    def as_json(self) -> dict[str, Any]:
        times = {"createdAt": NOW, "updatedAt": NOW}
        session = {
            "id": self.session_id,
            "userId": self.id,
            "createdAt": self.signed_in_at,
            "updatedAt": NOW,
            "expiresAt": self.expires_at,
            "refreshAt": self.refresh_at,
            "impersonatedBy": self.impersonated_by,
            "secondFactorAt": self.second_factor_at,
        }
        verified = {"email": self.email, "emailVerified": self.email_verified}
        user = {"id": self.id, **verified, "name": self.name, "role": "user", **times}
        return {
            "session": {**_NO_VALUES["session"], **session},
            # What a test has changed besides, under its name in JSON.
            "user": {name: getattr(self, name, value) for name, value in {**_NO_VALUES["user"], **user}.items()},
        }


SignUp: TypeAlias = Callable[[], FakeUser]
"""The fixture `sign_up`."""


class FakeAuthServer:
    """`misbehave` replaces its response; `received` keeps the headers of every question, `renewals` counts cookies."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[dict[str, str]] = []
        self.renewals = 0
        self.most_at_once = 0
        self._at_once = 0
        self._arrival = asyncio.Condition()
        self._users: dict[str, FakeUser] = {}
        self.misbehave: Handler | None = None
        self.cookie_name = COOKIE
        """The one that counts: SECURE_COOKIE where its PUBLIC_URL is https."""
        self.feed = FakeFeed()

    def sign_in(self, user: FakeUser) -> FakeUser:
        self._users[user.token] = user
        return user

    async def asked(self, times: int) -> None:
        """Returns when that many questions have arrived."""
        async with asyncio.timeout(20), self._arrival:
            await self._arrival.wait_for(lambda: len(self.received) >= times)

    async def change(self, user: FakeUser, **changes: str | bool) -> None:
        """The user's row, as the triggers of the real one tell it."""
        for name, value in changes.items():
            setattr(user, name, value)
        await self.feed.tell({"type": "revoke", "user": user.id})
        await self.feed.sync()

    async def sign_out(self, user: FakeUser) -> None:
        """As the real one: the feed tells, and the response comes when everyone who listens has applied it."""
        user.refused_with = "SESSION_EXPIRED"
        await self.feed.tell({"type": "revoke", "session": user.session_id})
        await self.feed.sync()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        behave = self.misbehave or self.handle_well
        self.received.append({name.lower(): value for name, value in request.headers.items()})
        async with self._arrival:
            self._arrival.notify_all()
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await behave(request)
        finally:
            self._at_once -= 1

    async def handle_well(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("x-internal-token") != INTERNAL_TOKEN:
            return refusal(403, "INTERNAL_TOKEN_REQUIRED")
        if "authorization" not in request.headers and "cookie" not in request.headers:
            return refusal(401, "SESSION_REQUIRED")
        user = self._find(request)
        if user is None:
            return refusal(401, "INVALID_TOKEN")
        if user.refused_with is not None:
            return refusal(401, user.refused_with)
        response = web.json_response(user.as_json())
        if user.renews_cookie and request.query.get("disableRefresh") != "true":
            self.renewals += 1
            response.headers["set-cookie"] = f"{user.cookie['cookie']}; Max-Age=604800; Path=/; HttpOnly"
        return response

    def _find(self, request: web.Request) -> FakeUser | None:
        """As the real one: the first cookie counts that it gave out, and beside a bearer it must be of its session."""
        pairs = [pair.partition("=") for pair in request.headers.get("cookie", "").split("; ")]
        values = [unquote(value).strip('"') for name, _, value in pairs if name == self.cookie_name]
        known = [user for value in values if (user := self._users.get(value)) is not None]
        authorization = request.headers.get("authorization")
        if authorization is None:
            return known[0] if known else None
        user = self._users.get(unquote(authorization.removeprefix("Bearer ")))
        return None if known and known[0] is not user else user


def refusal(status: int, code: str) -> web.Response:
    return web.json_response({"code": code, "message": "No."}, status=status)


async def hang(_request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    raise AssertionError


async def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def responding(status: int, body: str = "", **headers: str) -> Handler:
    async def respond(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body, headers={"content-type": "application/json", **headers})

    return respond


@asynccontextmanager
async def serve(server: FakeAuthServer, port: int = 0) -> AsyncGenerator[FakeAuthServer]:
    app = web.Application()
    app.router.add_get("/internal/session", server.handle)
    app.router.add_get(_LEASE["feed"], server.feed.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await server.feed.drop()
        await runner.cleanup()
