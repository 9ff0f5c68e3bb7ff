"""Protected routes behind a proxy that strips a prefix, however the app gets to know of it."""

from collections.abc import Callable
from typing import TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from auth_sidecar import AuthSidecar, CurrentUser
from tests.support.example_service import KEEPS_NONE
from tests.support.fake_auth_server import FakeAuthServer, FakeUser

PREFIX = "/team"
Around: TypeAlias = Callable[[FastAPI], ASGIApp]


def by_server(app: FastAPI) -> ASGIApp:
    """As `uvicorn --root-path` does it: ASGI's path has the prefix again."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "root_path": PREFIX, "path": PREFIX + scope["path"]}, receive, send)

    return serve


def by_server_without_path(app: FastAPI) -> ASGIApp:
    """As older servers do it."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "root_path": PREFIX}, receive, send)

    return serve


def by_app(app: FastAPI) -> ASGIApp:
    """As FastAPI(root_path=...) does it."""
    app.root_path = PREFIX
    return app


def by_middleware(app: FastAPI) -> ASGIApp:
    """As services read X-Forwarded-Prefix."""

    class ForwardedPrefix:
        def __init__(self, inner: ASGIApp) -> None:
            self.inner = inner

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            prefix = dict(scope["headers"]).get(b"x-forwarded-prefix") if scope["type"] == "http" else None
            if prefix is not None:
                scope = {**scope, "root_path": prefix.decode(), "path": prefix.decode() + scope["path"]}
            await self.inner(scope, receive, send)

    app.add_middleware(ForwardedPrefix)
    return app


@pytest.mark.parametrize("around", [by_server, by_server_without_path, by_app, by_middleware])
async def test_the_user_is_known(auth: AuthSidecar, auth_server: FakeAuthServer, around: Around) -> None:
    app, mounted = FastAPI(lifespan=auth.lifespan), FastAPI()

    @app.get("/reports")
    @mounted.get("/reports")
    async def reports(user: CurrentUser) -> str:
        return user.id

    app.mount("/mounted", mounted)
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))
    transport = httpx.ASGITransport(around(app))
    headers = {"x-forwarded-prefix": PREFIX}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://api", cookies=KEEPS_NONE, headers=headers) as client,
    ):
        # Starlette finds no mounted route where root_path is not part of the path.
        paths = ["/reports", "/mounted/reports"] if around in {by_server, by_middleware} else ["/reports"]
        for path in paths:
            assert (await client.get(path)).json()["code"] == "SESSION_REQUIRED"
            response = await client.get(path, headers=ada.cookie)
            assert (response.json(), response.headers["cache-control"]) == (ada.id, "private, no-store")
        document = (await client.get("/openapi.json")).json()
        assert document["servers"] == [{"url": PREFIX}]
        assert document["paths"]["/reports"]["get"]["security"] == [{"bearer": []}, {"sessionCookie": []}]
        docs = (await client.get("/docs")).text
        assert f"url: '{PREFIX}/openapi.json'" in docs
