"""One stack for the whole run; for each test a person, a browser and a program of its own."""

import subprocess

import pytest

from stack.processes import AUTH_SERVER, Command
from stack.target import REPOSITORY, Stack, environment
from stack.visitors import ApiClient, Browser, Person, Visitor


def pytest_addoption(parser: pytest.Parser) -> None:
    """Here, because pytest looks for options before it looks into the folders."""
    parser.addoption(
        "--staleness-requests", type=int, default=20_000, help="of the staleness test, all faults together"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Compose publishes neither the private port nor the database. What uses no stack is the same beside any."""
    if environment.get("STACK_MODE") != "compose":
        return
    left_out = [item for item in items if item.get_closest_marker("embedded") or not _uses_stack(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _uses_stack(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "stack" in item.fixturenames


@pytest.fixture(scope="session")
def stack() -> Stack:
    return Stack.from_environment()


@pytest.fixture(scope="session")
def built_auth_server() -> Command:
    """Runs the sources of this moment: for tests that start an auth server of their own."""
    subprocess.run(["npm", "run", "--silent", "build", "-w", "auth-server"], cwd=REPOSITORY, check=True)
    return AUTH_SERVER


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def browser(stack: Stack) -> Browser:
    return Browser(stack)


@pytest.fixture
def client(stack: Stack) -> ApiClient:
    return ApiClient(stack)


@pytest.fixture(params=[Browser, ApiClient])
def visitor(request: pytest.FixtureRequest, stack: Stack) -> Visitor:
    """The test runs twice: with the cookie and with the bearer token."""
    return request.param(stack)
