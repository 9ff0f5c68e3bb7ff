"""A FastAPI service that uses the package, as its users write one."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from auth_sidecar import AuthSidecar, CurrentIdentity, CurrentUser, OptionalUser, SidecarSettings
from fake_auth_server import INTERNAL_TOKEN, FakeAuthServer
from fastapi import FastAPI
from pydantic import SecretStr

ORIGIN = "https://app.example.com"


@pytest.fixture
def settings(auth_server: FakeAuthServer) -> SidecarSettings:
    return SidecarSettings(
        auth_server_url=auth_server.url, internal_token=SecretStr(INTERNAL_TOKEN), cors_origin=(ORIGIN,)
    )


@asynccontextmanager
async def running(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """The app with its lifespan, and a client that sees a crash as a browser does: as a 500."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://api") as client:
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


@pytest.fixture
async def client(settings: SidecarSettings) -> AsyncGenerator[httpx.AsyncClient]:
    """Of a running service."""
    async with running(create_service(AuthSidecar(settings))) as client:
        yield client
