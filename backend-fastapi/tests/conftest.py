"""What tests share: the auth server as another machine, and a real PostgreSQL (`make test-unit` starts one)."""

import os
import signal
from collections.abc import AsyncGenerator, Callable, Generator
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import pytest
from pydantic import SecretStr

from app.config import Config, DatabaseSettings, ServiceSettings
from app.main import create_app
from auth_sidecar import SidecarSettings
from tests.support.database import Database, Server
from tests.support.fake_auth_server import INTERNAL_TOKEN, FakeAuthServer, FakeUser, SignUp, serve
from tests.support.ports import free_port

# A shell starts a command beside others with Ctrl-C ignored, as dev/test-unit.sh does: pytest must still clean up.
signal.signal(signal.SIGINT, signal.default_int_handler)

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def report(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Shows a line at the end of the run, whether or not its tests pass: what was counted or measured."""
    return pytestconfig.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.setdefault(FIGURES, []):
        terminalreporter.write_line(line)
    if seed := config.getoption("randomly_seed", None):
        terminalreporter.write_line(f"The same order again: --randomly-seed={seed}")


@pytest.fixture
async def auth_server() -> AsyncGenerator[FakeAuthServer]:
    """The auth server, running; each test has its own."""
    async with serve(FakeAuthServer()) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Generator[Server]:
    admin_url = os.environ.get("TEST_DATABASE_ADMIN_URL")
    if admin_url is None:
        pytest.fail("TEST_DATABASE_ADMIN_URL is not set: `make test-unit` starts a PostgreSQL and sets it")
    server = Server(admin_url)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database(postgres: Server) -> Database:
    """One migrated database for all tests: each makes its own users."""
    database = postgres.new_database()
    database.migrate().check_returncode()
    return database


@pytest.fixture
def config(auth_server: FakeAuthServer, database: Database) -> Config:
    return Config(
        ServiceSettings(app_env="development"),
        DatabaseSettings(backend_database_url=SecretStr(database.url)),
        SidecarSettings(
            auth_server_url=auth_server.url,
            internal_token=SecretStr(INTERNAL_TOKEN),
            sidecar_timeout_seconds=10,  # a busy machine is no outage
        ),
    )


@pytest.fixture
async def api(config: Config) -> AsyncGenerator[httpx.AsyncClient]:
    """The running service. The client keeps no cookies, and sees a crash as a browser does."""
    app = create_app(config)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    client = httpx.AsyncClient(transport=transport, base_url="http://api", cookies=cookies)
    async with app.router.lifespan_context(app), client:
        yield client


@pytest.fixture
def sign_up(auth_server: FakeAuthServer, database: Database) -> SignUp:
    """A new user of the auth server, signed in."""

    def create() -> FakeUser:
        user = auth_server.sign_in(FakeUser())
        with database.admin() as admin:
            admin.execute('INSERT INTO "user" (id) VALUES (%s)', [user.id])
        return user

    return create


@pytest.fixture
def environment(database: Database, auth_server: FakeAuthServer) -> dict[str, str]:
    """For the service as a process of its own."""
    return {
        "APP_ENV": "development",
        "BACKEND_DATABASE_URL": database.url,
        "AUTH_SERVER_URL": auth_server.url,
        "INTERNAL_TOKEN": INTERNAL_TOKEN,
        "BACKEND_PORT": str(free_port()),
    }
