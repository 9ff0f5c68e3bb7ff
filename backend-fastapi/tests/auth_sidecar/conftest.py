"""The package in a running service."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from pydantic import SecretStr

from auth_sidecar import AuthSidecar, SidecarSettings
from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.auth_server.http import open_http
from auth_sidecar.sessions.cache import SessionCache
from auth_sidecar.sessions.identify import Sessions
from tests.support.example_service import ORIGIN, create_service, running
from tests.support.fake_auth_server import INTERNAL_TOKEN, FakeAuthServer
from tests.support.raw_auth_server import RawAuthServer, serve_raw
from tests.support.timing import LEASE_SECONDS, ManualClock


@pytest.fixture
def settings(auth_server: FakeAuthServer) -> SidecarSettings:
    """Patient, so that a busy machine is no outage. Tests of outages set a deadline of their own."""
    return SidecarSettings(
        auth_server_url=auth_server.url,
        internal_token=SecretStr(INTERNAL_TOKEN),
        cors_origin=(ORIGIN,),
        sidecar_timeout_seconds=10,
    )


@pytest.fixture
def auth(settings: SidecarSettings) -> AuthSidecar:
    return AuthSidecar(settings)


@pytest.fixture
async def client(auth: AuthSidecar) -> AsyncGenerator[httpx.AsyncClient]:
    """Of a running service."""
    async with running(create_service(auth)) as client:
        yield client


@pytest.fixture
async def raw() -> AsyncGenerator[RawAuthServer]:
    async with serve_raw() as raw:
        yield raw


@pytest.fixture
async def raw_client(settings: SidecarSettings, raw: RawAuthServer) -> AsyncGenerator[httpx.AsyncClient]:
    """Of a running service that asks `raw`."""
    here = settings.model_copy(update={"auth_server_url": raw.url})
    async with running(create_service(AuthSidecar(here))) as client:
        yield client


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def cache(clock: ManualClock) -> SessionCache:
    """As it is with a feed and a lease."""
    cache = SessionCache(100, clock, lambda: None)
    cache.start_generation()
    cache.renew_lease(clock(), LEASE_SECONDS)
    return cache


@pytest.fixture
async def sessions(settings: SidecarSettings, cache: SessionCache) -> AsyncGenerator[Sessions]:
    async with open_http(settings) as http:
        sessions = Sessions(AuthServerClient(http, settings), cache)
        yield sessions
        await sessions.close()
