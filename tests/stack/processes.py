"""The services as processes of a test's own, with exactly the environment that the test gives."""

import contextlib
import secrets
import socket
import subprocess
import sys
from collections.abc import Generator, Sequence
from functools import cache

from stack.ports import free_ports
from stack.target import REPOSITORY
from stack.target import environment as own_environment

Environment = dict[str, str]
Command = tuple[str, ...]

AUTH_SERVER: Command = ("node", str(REPOSITORY / "auth-server" / "dist" / "main.js"))
BACKEND: Command = (sys.executable, "-m", "app")
FOLDER = REPOSITORY / "backend-fastapi"
SECONDS_TO_EXIT = 60


def good_auth_environment() -> Environment:
    """What production requires. Nobody listens at the database's address: errors are found before it is used."""
    port, internal_port, _ = _ports()
    return {
        "NODE_ENV": "production",
        "BETTER_AUTH_SECRET": secrets.token_hex(32),
        "INTERNAL_TOKEN": secrets.token_hex(32),
        "PUBLIC_URL": "https://app.example.org",
        "CORS_ORIGIN": "https://app.example.org",
        "SMTP_URL": "smtp://127.0.0.1:1",
        "MAIL_FROM": "Acme <no-reply@acme.org>",
        "DATABASE_URL": f"postgres://auth_server:{secrets.token_hex(16)}@127.0.0.1:1/auth_sidecar",
        "AUTH_PORT": str(port),
        "AUTH_INTERNAL_PORT": str(internal_port),
    }


def good_backend_environment() -> Environment:
    return {
        "APP_ENV": "production",
        "AUTH_SERVER_URL": "http://127.0.0.1:1",
        "INTERNAL_TOKEN": secrets.token_hex(32),
        "CORS_ORIGIN": "https://app.example.org",
        "BACKEND_DATABASE_URL": f"postgres://backend:{secrets.token_hex(16)}@127.0.0.1:1/auth_sidecar",
        "BACKEND_PORT": str(_ports()[2]),
    }


@cache
def _ports() -> tuple[int, ...]:
    """Of the one auth server and the one backend that run with these environments at a time."""
    return tuple(free_ports(3))


def run(command: Sequence[str], environment: Environment) -> subprocess.CompletedProcess[str]:
    """Waits for the end: of a command, or of a service that refuses to start."""
    return subprocess.run(
        command,
        env=only(environment),
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_EXIT,
        check=False,
    )


@contextlib.contextmanager
def running(command: Sequence[str], environment: Environment) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command,
        env=only(environment),
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def is_listening(port: int) -> bool:
    with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def only(environment: Environment) -> Environment:
    """The child environment: what a program needs of the machine, and nothing else of the tests' own."""
    return {"PATH": own_environment["PATH"], "HOME": own_environment.get("HOME", "/"), "PYTHONPATH": ".", **environment}
