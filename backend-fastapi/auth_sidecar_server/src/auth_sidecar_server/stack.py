"""What `up` starts, in order, and stops in the other."""

import http.client
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from auth_sidecar_server.account import choose_account
from auth_sidecar_server.interruption import Interruption
from auth_sidecar_server.postgres import Database, start_postgres
from auth_sidecar_server.processes import Child, run, start, wait_until
from auth_sidecar_server.programs import auth_server, postgres_binaries
from auth_sidecar_server.state import State

_SECONDS_TO_START = 60

Report = Callable[[str, str, float], None]


class Stack:
    """The children of one `up`. Whatever happens inside `with`, none of them is left."""

    def __init__(self, state: State, interruption: Interruption, report: Report) -> None:
        self.children: list[Child] = []
        self._state = state
        self._interruption = interruption
        self._report = report

    def start_database(self) -> Database:
        """The embedded one."""
        begin = time.monotonic()
        folder = self._state.folder / "postgres"
        account = choose_account(postgres_binaries(), folder)
        database = start_postgres(account, folder, self._state.logs / "postgres.log", self._interruption)
        self.children.append(database.child)
        self._report("postgres", "started", time.monotonic() - begin)
        return database

    def prepare_database(self, variables: dict[str, str]) -> None:
        """Roles where there is somebody who may make them, then the tables."""
        begin = time.monotonic()
        commands = ["setup-database"] if "DATABASE_ADMIN_URL" in variables else []
        for command in [*commands, "migrate"]:
            run(command, auth_server(command), env=variables, cwd=Path.cwd(), interruption=self._interruption)
        self._report("database", "migrated", time.monotonic() - begin)

    def start_auth_server(self, variables: dict[str, str]) -> None:
        """Returns when it is ready for requests."""
        begin = time.monotonic()
        log = self._state.logs / "auth-server.log"
        child = start("auth-server", auth_server("serve"), log=log, env=variables, stop=[signal.SIGTERM])
        self.children.append(child)
        wait_until(lambda: _is_ready(variables), child, _SECONDS_TO_START, self._interruption)
        self._report("auth-server", "ready", time.monotonic() - begin)

    def wait(self) -> Child:
        """Until one of them ends, which none of them should. A signal raises Interrupted."""
        while True:
            self._interruption.check()
            for child in self.children:
                if child.has_ended():
                    return child
            time.sleep(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in reversed(self.children):
            child.stop()


def _is_ready(variables: Mapping[str, str]) -> bool:
    host = variables.get("AUTH_HOST", "127.0.0.1")
    at = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where a listener on all is found
    connection = http.client.HTTPConnection(at, int(variables["AUTH_PORT"]), timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200  # noqa: PLR2004 - of HTTP itself
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
