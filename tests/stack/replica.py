"""One more server beside the stack's own, on the same database, with control over each of its processes."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Generator
from pathlib import Path

import httpx

from stack.orphans import guard, release
from stack.ports import free_port, free_ports
from stack.processes import BACKEND, FOLDER, Command, Environment, only
from stack.target import Stack
from stack.waiting import eventually

SECONDS_TO_START = 60
SECONDS_TO_STOP = 40


class Replica:
    """Leads a process group: a signal reaches all its processes. `url` is what its clients use."""

    def __init__(self, command: Command, environment: Environment, port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._command = command
        self._environment = environment
        self._log = log
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "not started"
        return self._process

    def start(self) -> None:
        """Returns when it can do its work."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=only(self._environment),
                cwd=FOLDER,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        guard(self._process.pid)
        eventually(self.is_ready, SECONDS_TO_START)

    def is_running(self) -> bool:
        return self.process.poll() is None

    def is_ready(self) -> bool:
        assert self.is_running(), self._log.read_text()
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """As a supervisor does it: a moment to finish, then by force."""
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            self.send(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(SECONDS_TO_STOP)
        self.kill()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.send(signal.SIGKILL)
        self.process.wait()
        release(self.process.pid)

    def send(self, number: signal.Signals) -> None:
        """To all its processes."""
        os.killpg(self.process.pid, number)

    def workers(self) -> list[int]:
        """The processes that serve requests, where there are several."""
        return sorted(
            pid for pid, parent, command in _processes() if parent == self.process.pid and _SPAWNED in command
        )

    @contextlib.contextmanager
    def alone(self, worker: int) -> Generator[None]:
        """No other worker runs: whoever connects meanwhile is this worker's."""
        others = [pid for pid in self.workers() if pid != worker]
        with self._one_at_a_time:
            try:
                for pid in others:
                    os.kill(pid, signal.SIGSTOP)
                    eventually(lambda pid=pid: _state(pid).startswith("T"), within_seconds=10)
                yield
            finally:
                for pid in others:
                    os.kill(pid, signal.SIGCONT)


_SPAWNED = "spawn_main"


def _processes() -> list[tuple[int, int, str]]:
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return [(int(row[0]), int(row[1]), row[2]) for row in rows if len(row) == 3]


def _state(pid: int) -> str:
    return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout


def auth_server(stack: Stack, command: Command, log: Path, **more: str) -> tuple[Replica, str]:
    """Another of the stack's auth servers, and the address of its private port; `more`: further variables."""
    port, internal_port = free_ports(2)
    environment = {
        "NODE_ENV": "development",
        "LOG_LEVEL": "warn",
        "BETTER_AUTH_SECRET": stack.secret,
        "INTERNAL_TOKEN": stack.internal_token,
        "PUBLIC_URL": stack.frontend_url,
        "DATABASE_URL": stack.database_url,
        "AUTH_PORT": str(port),
        "AUTH_INTERNAL_PORT": str(internal_port),
        "CLIENT_IP_HEADER": "x-real-ip",
        **more,
    }
    return Replica(command, environment, port, log), f"http://127.0.0.1:{internal_port}"


def backend(stack: Stack, auth_internal_url: str, log: Path, **more: str) -> Replica:
    """Another of the stack's backends, which uses the auth server at that address; `more`: further variables."""
    port = free_port()
    environment = {
        "APP_ENV": "development",
        "LOG_LEVEL": "warn",
        "AUTH_SERVER_URL": auth_internal_url,
        "INTERNAL_TOKEN": stack.internal_token,
        "CORS_ORIGIN": stack.frontend_url,
        "BACKEND_DATABASE_URL": stack.backend_database_url,
        "BACKEND_PORT": str(port),
        "SIDECAR_TIMEOUT_SECONDS": "5",  # a busy machine is no outage
        **more,
    }
    return Replica(BACKEND, environment, port, log)
