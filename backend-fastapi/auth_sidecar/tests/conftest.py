"""The package in a running service."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from pydantic import SecretStr

from auth_sidecar import AuthSidecar, SidecarSettings
from example_service import ORIGIN, create_service, running
from fake_auth_server import INTERNAL_TOKEN, FakeAuthServer


@pytest.fixture
def settings(auth_server: FakeAuthServer) -> SidecarSettings:
    return SidecarSettings(
        auth_server_url=auth_server.url, internal_token=SecretStr(INTERNAL_TOKEN), cors_origin=(ORIGIN,)
    )


@pytest.fixture
def auth(settings: SidecarSettings) -> AuthSidecar:
    return AuthSidecar(settings)


@pytest.fixture
async def client(auth: AuthSidecar) -> AsyncGenerator[httpx.AsyncClient]:
    """Of a running service."""
    async with running(create_service(auth)) as client:
        yield client
