"""Databases for tests, on the real PostgreSQL of TEST_DATABASE_ADMIN_URL."""

import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier, Literal

HERE = Path(__file__).parent.parent


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real process, which sees of the environment only what it is given."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, timeout=90, check=False)  # noqa: S603 - ourselves


@dataclass(frozen=True)
class Database:
    """As `setup-database` and the auth server's migration leave it; `url` is the backend's, with its role."""

    admin_url: str
    url: str

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(self.admin_url, autocommit=True)

    def rows(self, query: SQL, *values: object) -> list[dict[str, Any]]:
        with self.admin() as admin:
            return admin.cursor(row_factory=dict_row).execute(query, values).fetchall()

    def migrate(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_python("-m", "app.migrate", BACKEND_DATABASE_URL=self.url, **environment)


class Server:
    """Makes databases with better-auth's "user" table and a role for the backend; drops all of them in the end."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self.role = f"backend_{uuid.uuid4().hex[:12]}"
        self.password = uuid.uuid4().hex
        self.names: list[str] = []

    def start(self) -> None:
        self._execute(SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(Identifier(self.role), Literal(self.password)))

    def new_database(self, auth_schema: str = "public") -> Database:
        name = f"test_{uuid.uuid4().hex}"
        self._execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        self.names.append(name)
        at = urlsplit(self.admin_url)
        admin_url = at._replace(path=f"/{name}").geturl()
        with psycopg.connect(admin_url, autocommit=True) as admin:
            names = {"schema": Identifier(auth_schema), "role": Identifier(self.role)}
            admin.execute(SQL("CREATE SCHEMA IF NOT EXISTS {schema}").format(**names))
            admin.execute(SQL('CREATE TABLE {schema}."user" (id text PRIMARY KEY)').format(**names))
            admin.execute(SQL('GRANT SELECT (id), REFERENCES (id) ON {schema}."user" TO {role}').format(**names))
            admin.execute(SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names))
            admin.execute(SQL("GRANT CREATE ON SCHEMA public TO {role}").format(**names))
        return Database(admin_url, f"postgres://{self.role}:{self.password}@{at.hostname}:{at.port}/{name}")

    def stop(self) -> None:
        for name in self.names:
            self._execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
        self._execute(SQL("DROP ROLE {}").format(Identifier(self.role)))

    def _execute(self, statement: Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(statement)
