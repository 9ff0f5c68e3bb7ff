"""as_user(connected=...): the token that a route gets for a made-up user."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from auth_sidecar import (
    AuthSidecar,
    ConnectionRevoked,
    CurrentUser,
    LifespanNotRun,
    ServiceUnavailable,
    SidecarSettings,
)
from auth_sidecar.testing import as_user, auth_server_unavailable
from tests.support.example_service import running


@pytest.fixture
def app() -> FastAPI:
    """Its auth server is nowhere."""
    auth = AuthSidecar(SidecarSettings(auth_server_url="http://127.0.0.1:1", internal_token=SecretStr("x")))
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/token")
    async def token(user: CurrentUser) -> str:
        return await auth.access_token(user, "github")

    @app.get("/token-in-a-task")
    async def token_in_a_task(user: CurrentUser) -> str:
        return await asyncio.create_task(auth.access_token(user, "github"))

    return app


def client_of(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://api")


async def test_a_route_gets_the_token_that_the_test_says(app: FastAPI) -> None:
    async with client_of(app) as client:
        with as_user(app, connected={"github": "a-token"}):
            assert (await client.get("/token")).json() == "a-token"
            assert (await client.get("/token-in-a-task")).json() == "a-token"


async def test_with_the_lifespan_too(app: FastAPI) -> None:
    async with running(app) as client:
        with as_user(app, connected={"github": "a-token"}):
            assert (await client.get("/token")).json() == "a-token"


async def test_each_user_has_their_own(app: FastAPI) -> None:
    async with client_of(app) as client:
        with as_user(app, connected={"github": "of-ada"}) as ada, as_user(app, connected={"github": "of-bob"}):
            assert (await client.get("/token")).json() == "of-bob"
            assert (await client.get("/token", headers=ada.bearer)).json() == "of-ada"


async def test_what_the_auth_server_could_say_instead(app: FastAPI) -> None:
    async with client_of(app) as client:
        with as_user(app) as ada:
            missing = await client.get("/token")
            ada.connected["github"] = ConnectionRevoked("github")
            revoked = await client.get("/token")
            ada.connected["github"] = ServiceUnavailable("github")
            unavailable = await client.get("/token")
            with auth_server_unavailable(app):
                unknown = await client.get("/token")

    seen = [(response.status_code, response.json()["code"]) for response in (missing, revoked, unavailable, unknown)]
    assert seen == [
        (409, "SERVICE_NOT_CONNECTED"),
        (409, "CONNECTION_REVOKED"),
        (503, "SERVICE_UNAVAILABLE"),
        (503, "AUTH_SERVER_UNAVAILABLE"),
    ]
    assert unavailable.headers["retry-after"] == "1"
    assert missing.json()["message"] == "Connect github on your account page first."


async def test_outside_of_a_request_of_the_app_nothing_is_made_up(app: FastAPI) -> None:
    auth = AuthSidecar(SidecarSettings(auth_server_url="http://127.0.0.1:1", internal_token=SecretStr("x")))
    with as_user(app, connected={"github": "a-token"}) as ada, pytest.raises(LifespanNotRun):
        await auth.access_token(ada.user, "github")
