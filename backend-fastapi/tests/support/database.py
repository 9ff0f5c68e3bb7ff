"""Databases for tests, on the real PostgreSQL of TEST_DATABASE_ADMIN_URL."""

import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier, Literal

from tests.support.warm_python import WARM

HERE = Path(__file__).parents[2]

_LAYOUT: tuple[LiteralString, ...] = (
    "CREATE SCHEMA IF NOT EXISTS {schema}",
    'CREATE TABLE {schema}."user" (id text PRIMARY KEY)',
    'GRANT SELECT (id) ON {schema}."user" TO {role}, {owner}',
    'GRANT REFERENCES (id) ON {schema}."user" TO {owner}',
    "GRANT USAGE ON SCHEMA {schema} TO {role}, {owner}",
    "CREATE SCHEMA app AUTHORIZATION {owner}",
)


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real process, which sees of the environment only what it is given. A module (`-m`) starts warm."""
    if arguments[0] == "-m":
        return WARM.run(*arguments[1:], cwd=HERE, env=environment)
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, timeout=90, check=False)  # noqa: S603 - ourselves


@dataclass(frozen=True)
class Database:
    """As `setup-database` and the auth server's migration leave it; `url` is the backend's, with its role.

    `owner_url` is that of the role which owns the backend's tables. An administrator need not name their schema.
    """

    admin_url: str
    url: str
    owner_url: str

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(self.admin_url, autocommit=True, options="-c search_path=public,app")

    def rows(self, query: SQL, *values: object) -> list[dict[str, Any]]:
        with self.admin() as admin:
            return admin.cursor(row_factory=dict_row).execute(query, values).fetchall()

    def migrate(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_python("-m", "app.migrate", **{**self.variables, **environment})

    @property
    def variables(self) -> dict[str, str]:
        """Of what migrates."""
        return {"BACKEND_DATABASE_URL": self.url, "BACKEND_MIGRATION_DATABASE_URL": self.owner_url}


class Server:
    """Makes databases with better-auth's "user" table and a role for the backend; drops all of them in the end."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self.role = f"backend_{uuid.uuid4().hex[:12]}"
        self.owner = f"backend_owner_{uuid.uuid4().hex[:12]}"
        self.password = uuid.uuid4().hex
        self.names: list[str] = []

    def start(self) -> None:
        for role in (self.role, self.owner):
            self._execute(SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(Identifier(role), Literal(self.password)))

    def new_database(self, auth_schema: str = "public", encoding: str = "UTF8") -> Database:
        name = f"test_{uuid.uuid4().hex}"
        create = SQL("CREATE DATABASE {} ENCODING {} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        self._execute(create.format(Identifier(name), Literal(encoding)))
        self.names.append(name)
        at = urlsplit(self.admin_url)
        admin_url = at._replace(path=f"/{name}").geturl()
        names = {"schema": Identifier(auth_schema), "role": Identifier(self.role), "owner": Identifier(self.owner)}
        with psycopg.connect(admin_url, autocommit=True) as admin:
            for statement in _LAYOUT:
                admin.execute(SQL(statement).format(**names))
        url, owner_url = (
            f"postgres://{role}:{self.password}@{at.hostname}:{at.port}/{name}" for role in (self.role, self.owner)
        )
        return Database(admin_url, url, owner_url)

    def stop(self) -> None:
        for name in self.names:
            self._execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
        self._execute(SQL("DROP ROLE {}, {}").format(Identifier(self.role), Identifier(self.owner)))

    def _execute(self, statement: Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(statement)
