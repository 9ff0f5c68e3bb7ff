"""What the process tests share."""

import pytest

from fake_auth_server import INTERNAL_TOKEN, FakeAuthServer
from tests.database import Database
from tests.serving import free_port


@pytest.fixture
def environment(database: Database, auth_server: FakeAuthServer) -> dict[str, str]:
    """Of a service that starts."""
    return {
        "APP_ENV": "development",
        "BACKEND_DATABASE_URL": database.url,
        "AUTH_SERVER_URL": auth_server.url,
        "INTERNAL_TOKEN": INTERNAL_TOKEN,
        "BACKEND_PORT": str(free_port()),
    }
