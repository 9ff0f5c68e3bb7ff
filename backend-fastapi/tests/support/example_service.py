"""A FastAPI service that uses the package, as its users write one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from fastapi import FastAPI
from starlette.types import Scope

from auth_sidecar import AuthSidecar, CurrentIdentity, CurrentUser, OptionalUser

ORIGIN = "https://app.example.com"
KEEPS_NONE = CookieJar(DefaultCookiePolicy(allowed_domains=[]))


@asynccontextmanager
async def running(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """The app with its lifespan, and a client that keeps no cookies and sees a crash as a browser does: as a 500."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://api", cookies=KEEPS_NONE) as client,
    ):
        yield client


def create_service(auth: AuthSidecar) -> FastAPI:
    """One route of each kind."""
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/reports")
    @app.post("/reports")
    async def reports(user: CurrentUser) -> dict[str, str]:
        return {"reportsOf": user.id}

    @app.get("/session")
    async def session(identity: CurrentIdentity) -> dict[str, str]:
        return {"session": identity.session.id}

    @app.get("/hello")
    @app.post("/hello")
    async def hello(user: OptionalUser) -> dict[str, str | None]:
        return {"hello": None if user is None else user.id}

    return app


def websocket_scope(headers: dict[str, str]) -> Scope:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    extensions: dict[str, dict[str, object]] = {"websocket.http.response": {}}
    return {"type": "websocket", "path": "/live", "query_string": b"", "headers": raw, "extensions": extensions}
