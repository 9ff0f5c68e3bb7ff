"""The stack under test: its addresses, and control over its services, its database and its logs."""

import json
import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg.rows import dict_row

from stack import control
from stack.waiting import LEASE_SECONDS, eventually

environment: Mapping[str, str] = os.environ
REPOSITORY = Path(__file__).parents[2]
SERVICES = ("postgres", "mail", "auth-server", "backend", "frontend")


@dataclass(frozen=True)
class Stack:
    """Read from the environment that `with-stack` gives. The addresses of the private port and of the database
    are empty where they are not published (Compose)."""

    mode: str
    auth_url: str
    api_url: str
    frontend_url: str
    mail_url: str
    smtp_url: str
    provider_url: str
    secret: str
    internal_token: str
    auth_internal_url: str
    database_admin_url: str
    database_url: str
    backend_database_url: str
    backend_migration_database_url: str
    control: tuple[str, ...]

    @classmethod
    def from_environment(cls) -> "Stack":
        if "STACK_CONTROL" not in environment:
            message = "No stack to test: run `make test-e2e`, or put `with-stack --` before the command."
            raise RuntimeError(message)
        return cls(
            mode=environment["STACK_MODE"],
            auth_url=environment["STACK_AUTH_URL"],
            api_url=environment["STACK_API_URL"],
            frontend_url=environment["STACK_FRONTEND_URL"],
            mail_url=environment["STACK_MAIL_URL"],
            smtp_url=environment["STACK_SMTP_URL"],
            provider_url=environment["STACK_PROVIDER_URL"],
            secret=environment["STACK_SECRET"],
            internal_token=environment["STACK_INTERNAL_TOKEN"],
            auth_internal_url=environment.get("STACK_AUTH_INTERNAL_URL", ""),
            database_admin_url=environment.get("STACK_DATABASE_ADMIN_URL", ""),
            database_url=environment.get("STACK_DATABASE_URL", ""),
            backend_database_url=environment.get("STACK_BACKEND_DATABASE_URL", ""),
            backend_migration_database_url=environment.get("STACK_BACKEND_MIGRATION_DATABASE_URL", ""),
            control=tuple(shlex.split(environment["STACK_CONTROL"])),
        )

    @property
    def database_superuser_url(self) -> str:
        """The services' own database, as its superuser."""
        return urlsplit(self.database_admin_url)._replace(path="/auth_sidecar").geturl()

    def stop(self, service: str) -> None:
        self._break("stop", service)

    def start(self, service: str) -> None:
        """Returns when the service is ready."""
        self._run("start", service)

    def kill(self, service: str) -> None:
        self._break("kill", service)

    def pause(self, service: str) -> None:
        """Its processes stay, hold their connections, and respond to nothing."""
        self._break("pause", service)

    def resume(self, service: str) -> None:
        self._run("resume", service)

    def status(self) -> list[dict[str, Any]]:
        """Name, state, ports and, where they are processes, the pid of each service."""
        return json.loads(self._run("status"))

    def up_again(self, **settings: str) -> subprocess.CompletedProcess[str]:
        """What `make up` does beside the running stack, with these settings changed."""
        changes = [f"{name}={value}" for name, value in settings.items()]
        return subprocess.run([*self.control, "up", *changes], capture_output=True, text=True, timeout=300, check=False)

    def logs(self, service: str) -> str:
        return self._run("logs", service)

    def sql(self, statement: str) -> list[dict[str, Any]]:
        """The rows of a statement, as the database's superuser. Quote values in it with `literal`."""
        if self.database_admin_url:
            return _fetch(self.database_superuser_url, statement)
        printed = self._run("sql", statement).strip()
        return json.loads(printed) if printed else []

    def settle(self) -> None:
        """Returns when no service uses anything any more that was changed by SQL before.

        It signs nobody out, which is responded to when every service has applied all that was announced earlier.
        """
        headers = {"origin": self.frontend_url}
        url = f"{self.auth_url}/api/auth/sign-out"
        httpx.post(url, headers=headers, json={}, timeout=10, trust_env=False).raise_for_status()

    def _break(self, how: str, service: str) -> None:
        """Returns when the backend has no lease any more from before."""
        self._run(how, service)
        if service in ("auth-server", "postgres"):
            eventually(self._has_no_lease, 15 * LEASE_SECONDS)

    def _has_no_lease(self) -> bool:
        headers = {"x-internal-token": self.internal_token}
        response = httpx.get(f"{self.api_url}/health/metrics", headers=headers, timeout=30, trust_env=False)
        metrics = dict(line.split() for line in response.text.splitlines() if not line.startswith("#"))
        return float(metrics["auth_sidecar_lease_age_seconds"]) >= float(metrics["auth_sidecar_lease_seconds"])

    def _run(self, *arguments: str) -> str:
        return control.run(self.control, *arguments)


_SEARCH = "-c search_path=public,app"  # of both services, so that a test need not say whose table it means


def _fetch(url: str, statement: str) -> list[dict[str, Any]]:
    with (
        psycopg.connect(url, autocommit=True, options=_SEARCH) as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        cursor.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def literal(value: str) -> str:
    """The value as an SQL string."""
    return "'" + value.replace("'", "''") + "'"
