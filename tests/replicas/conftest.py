"""Started once for all tests of this folder, on the stack's own database; the first auth server is the stack's own."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from replicas.sites import Site, Sites
from stack.line import Line
from stack.processes import Command
from stack.replica import Replica, auth_server, backend
from stack.target import Stack

WORKERS = 2


@pytest.fixture(scope="session")
def sites(stack: Stack, built_auth_server: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    logs = tmp_path_factory.mktemp("replicas")
    with ExitStack() as running:
        second_auth_server, internal_url = auth_server(stack, built_auth_server, logs / "auth-server.log")
        _run(running, second_auth_server)
        first = _site(running, stack, stack.auth_internal_url, logs / "first.log")
        elsewhere = replace(stack, auth_url=second_auth_server.url, auth_internal_url=internal_url)
        second = _site(running, elsewhere, internal_url, logs / "second.log")
        yield Sites(first, second, second_auth_server)


def _site(running: ExitStack, stack: Stack, auth_internal_url: str, log: Path) -> Site:
    replica = backend(stack, auth_internal_url, log, BACKEND_WORKERS=str(WORKERS))
    _run(running, replica)
    workers = replica.workers()
    assert len(workers) == WORKERS
    lines = tuple(running.enter_context(closing(Line(replica, worker))) for worker in workers)
    return Site(replace(stack, api_url=replica.url), replica, lines)


def _run(running: ExitStack, replica: Replica) -> None:
    running.callback(replica.stop)
    replica.start()
