"""The service under test: a backend of two processes, which finds its auth server behind the proxy."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from stack.replica import Replica, backend
from stack.target import Stack
from staleness.auth_server import ProxiedAuthServer

WORKERS = 2
# Less than the longest pause of an auth server, so that "don't know" is among the responses.
SECONDS_TO_CHECK = 0.5


def service_of(stack: Stack, auth_server: ProxiedAuthServer, log: Path, **more: str) -> Replica:
    """`more`: further variables."""
    environment = {"BACKEND_WORKERS": str(WORKERS), "SIDECAR_TIMEOUT_SECONDS": str(SECONDS_TO_CHECK), **more}
    return backend(stack, auth_server.proxied_url, log, **environment)


@contextmanager
def running(service: Replica, runner: asyncio.Runner) -> Generator[None]:
    """It is ready when the auth server responds, so the proxy has to run meanwhile."""
    try:
        runner.run(asyncio.to_thread(service.start))
        yield
    finally:
        service.stop()
