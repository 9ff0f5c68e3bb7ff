"""What tests of the package and of the app share. PostgreSQL comes from TEST_DATABASE_ADMIN_URL: dev's `with-postgres`."""

from collections.abc import AsyncGenerator

import pytest
from fake_auth_server import FakeAuthServer, serve


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def auth_server() -> AsyncGenerator[FakeAuthServer]:
    """The auth server, running; each test has its own."""
    async with serve(FakeAuthServer()) as server:
        yield server
