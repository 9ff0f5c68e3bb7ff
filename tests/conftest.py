"""One stack for the whole run; for each test a user, a browser and an API client of its own."""

import subprocess
from collections.abc import Iterator

import pytest

from stack.caddy import CADDY, caddy_before
from stack.processes import AUTH_SERVER, Command
from stack.target import REPOSITORY, Stack, environment
from stack.visitors import ApiClient, Browser, User, Visitor
from stack.waiting import eventually


def pytest_addoption(parser: pytest.Parser) -> None:
    """Here, because pytest looks for options before it looks into the folders."""
    parser.addoption(
        "--staleness-requests", type=int, default=20_000, help="of the staleness test, all faults together"
    )
    parser.addoption("--session-model-whole", action="store_true", help="search the large scenarios too")
    parser.addoption("--fuzz-seconds", type=int, default=0, help="how long to send random requests to each service")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """pytest-randomly has shuffled modules, and the tests in each. The modules of a folder stay together: what they
    share is expensive, and is stopped when the folder is done."""
    folders = list(dict.fromkeys(item.path.parent for item in items))
    items.sort(key=lambda item: folders.index(item.path.parent))
    if environment.get("STACK_MODE") == "compose":
        left_out = [item for item in items if not _runs_in_compose(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Where -q hides the head."""
    if seed := config.getoption("randomly_seed", None):
        terminalreporter.write_line(f"The same order again: --randomly-seed={seed}")


def _runs_in_compose(item: pytest.Item) -> bool:
    """Compose publishes neither the private port nor the database. What uses no stack is the same beside any."""
    return item.get_closest_marker("embedded") is None and _uses_stack(item)


def _uses_stack(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "stack" in item.fixturenames


@pytest.fixture(scope="session")
def stack() -> Stack:
    return Stack.from_environment()


@pytest.fixture(scope="session")
def caddy(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Caddy in front of the stack; empty where this machine has none, and no test uses it then."""
    if CADDY is None:
        yield ""
        return
    with caddy_before(stack, tmp_path_factory.mktemp("caddy")) as url:
        yield url


@pytest.fixture(scope="session")
def built_auth_server() -> Command:
    """For tests that start an auth server of their own. The stack has built it from the sources of this moment."""
    if "STACK_MODE" not in environment:
        subprocess.run(["npm", "run", "--silent", "build", "-w", "auth-server"], cwd=REPOSITORY, check=True)
    return AUTH_SERVER


@pytest.fixture
def recovered_afterwards(stack: Stack) -> Iterator[None]:
    """For tests that break the stack: the next one finds a session that both services know."""
    browser = Browser(stack)
    eventually(lambda: browser.sign_up(User()).status_code == 200, within_seconds=60)
    yield
    eventually(lambda: (browser.session().status_code, browser.me().status_code) == (200, 200), within_seconds=60)


@pytest.fixture
def user() -> User:
    return User()


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
