"""The service under test: a backend of two processes, which finds its auth server behind the proxy."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from stack.replica import Replica, backend
from stack.target import Stack
from staleness.asked import AskedAuthServer

WORKERS = 2
# Less than an auth server is paused at most, so that "don't know" is among the answers.
SECONDS_TO_ASK = 0.5


def service_of(stack: Stack, asked: AskedAuthServer, log: Path, **more: str) -> Replica:
    """`more`: further variables."""
    told = {"BACKEND_WORKERS": str(WORKERS), "SIDECAR_TIMEOUT_SECONDS": str(SECONDS_TO_ASK), **more}
    return backend(stack, asked.proxied_url, log, **told)


@contextmanager
def running(service: Replica, runner: asyncio.Runner) -> Generator[None]:
    """It is ready when the auth server answers, so the proxy has to run meanwhile."""
    try:
        runner.run(asyncio.to_thread(service.start))
        yield
    finally:
        service.stop()
