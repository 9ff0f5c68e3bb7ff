"""Started once for all tests of this folder, on the stack's own database; the first auth server is the stack's own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest

from replicas.sites import Site, Sites
from replicas.worker_connection import WorkerConnection
from stack.processes import Command
from stack.replica import Replica, auth_server, backend
from stack.target import Stack

WORKERS = 2


@pytest.fixture(scope="package")
def sites(stack: Stack, built_auth_server: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    logs = tmp_path_factory.mktemp("replicas")
    second_auth_server, internal_url = auth_server(stack, built_auth_server, logs / "auth-server.log")
    elsewhere = replace(stack, auth_url=second_auth_server.url, auth_internal_url=internal_url)
    backends = [
        backend(site, site.auth_internal_url, logs / f"backend-{number}.log", BACKEND_WORKERS=str(WORKERS))
        for number, site in enumerate((stack, elsewhere))
    ]
    with ExitStack() as running:
        replicas = [second_auth_server, *backends]
        for replica in replicas:
            running.callback(replica.stop)
        with ThreadPoolExecutor(len(replicas)) as pool:
            list(pool.map(Replica.start, replicas))
        first, second = (
            _site(running, site, replica) for site, replica in zip((stack, elsewhere), backends, strict=True)
        )
        yield Sites(first, second, second_auth_server)


def _site(running: ExitStack, stack: Stack, replica: Replica) -> Site:
    workers = replica.workers()
    assert len(workers) == WORKERS
    connections = tuple(running.enter_context(closing(WorkerConnection(replica, worker))) for worker in workers)
    return Site(replace(stack, api_url=replica.url), replica, connections)
