"""An app as its developers test it."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from auth_sidecar import AuthSidecar, SidecarSettings
from tests.auth_sidecar.testing.tested_service import create_service
from tests.support.example_service import running


@pytest.fixture
def app(auth: AuthSidecar) -> FastAPI:
    return create_service(auth)


@pytest.fixture
def lonely_app() -> FastAPI:
    """Its auth server is nowhere."""
    return create_service(
        AuthSidecar(SidecarSettings(auth_server_url="http://127.0.0.1:1", internal_token=SecretStr("x")))
    )


@pytest.fixture(params=["without the lifespan", "with it"])
async def client(app: FastAPI, request: pytest.FixtureRequest) -> AsyncGenerator[httpx.AsyncClient]:
    """Of the app, as a test has it."""
    if request.param == "with it":
        async with running(app) as client:
            yield client
        return
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        yield client
