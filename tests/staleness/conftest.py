"""One auth server, one proxy and one service for all campaigns; the numbers are printed when all tests are done."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import uvloop

from stack.processes import Command
from stack.replica import Replica, auth_server, backend
from stack.target import Stack
from stack.waiting import LEASE_SECONDS as LONGEST_LEASE_SECONDS
from staleness.auth_server import LEASE_SECONDS, ProxiedAuthServer
from staleness.numbers import Numbers
from staleness.progress import Progress
from staleness.proxy import serve_feed_proxy
from staleness.report import render_table
from staleness.run import Scene
from staleness.service import running, service_of

ROWS = pytest.StashKey[list[Numbers]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash.get(ROWS, list[Numbers]())
    if rows:
        terminalreporter.section("staleness")
        for line in render_table(rows):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def rows(pytestconfig: pytest.Config) -> list[Numbers]:
    """What is printed in the end."""
    return pytestconfig.stash.setdefault(ROWS, [])


@pytest.fixture
def progress(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> Progress:
    """Past pytest, which keeps what a test prints until it fails."""

    def tell(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    return Progress(int(pytestconfig.getoption("staleness_requests") or 0), tell)


@pytest.fixture(scope="package")
def runner() -> Iterator[asyncio.Runner]:
    """One loop for all campaigns: the proxy lives in it, and the service's connections to the proxy outlive a test."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield runner


@pytest.fixture(scope="package")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("staleness")


@pytest.fixture(scope="package")
def proxied_auth_server(
    stack: Stack, built_auth_server: Command, runner: asyncio.Runner, logs: Path
) -> Iterator[ProxiedAuthServer]:
    settings = {
        "SESSION_LEASE_MS": str(round(LEASE_SECONDS * 1000)),
        "SESSION_LEASE_MAX_MS": str(round(LONGEST_LEASE_SECONDS * 1000)),
    }
    server, private_url = auth_server(stack, built_auth_server, logs / "auth-server.log", **settings)
    opened = AsyncExitStack()
    proxy, proxied_url = runner.run(opened.enter_async_context(serve_feed_proxy(private_url)))
    try:
        server.start()
        yield ProxiedAuthServer(server, private_url, proxy, proxied_url)
    finally:
        server.stop()
        runner.run(opened.aclose())


@pytest.fixture(scope="package")
def quiet_service(stack: Stack, runner: asyncio.Runner, logs: Path) -> Iterator[Replica]:
    """It uses the stack's own auth server, with a lease of the default length."""
    service = backend(stack, stack.auth_internal_url, logs / "quiet-service.log")
    with running(service, runner):
        yield service


@pytest.fixture(scope="package")
def scene(
    stack: Stack,
    proxied_auth_server: ProxiedAuthServer,
    quiet_service: Replica,
    runner: asyncio.Runner,
    logs: Path,
) -> Iterator[Scene]:
    service = service_of(stack, proxied_auth_server, logs / "service.log")
    with running(service, runner):
        yield Scene(stack, proxied_auth_server, service, quiet_service)
