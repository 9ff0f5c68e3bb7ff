"""Migrations: started several times at once, half done, done again; and nothing serves before they are done."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from stack.databases import empty_database
from stack.processes import AUTH_SERVER, Environment, run, running
from stack.target import Stack
from stack.visitors import ApiClient, Visitor
from stack.waiting import eventually

pytestmark = pytest.mark.embedded
AT_ONCE = 6
MIGRATE = (*AUTH_SERVER, "migrate")


@pytest.fixture
def environment(stack: Stack) -> Iterator[Environment]:
    with empty_database(stack) as given:
        yield given


def _schema(environment: Environment) -> set[tuple[str, str, str]]:
    columns = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        return set(connection.execute(columns).fetchall())


def _migrate_at_once(environment: Environment) -> list[subprocess.CompletedProcess[str]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [done.result() for done in [pool.submit(run, MIGRATE, environment) for _ in range(AT_ONCE)]]


def test_six_servers_migrating_at_once_all_succeed(environment: Environment) -> None:
    for done in _migrate_at_once(environment):
        assert done.returncode == 0, done.stderr + done.stdout

    tables = {table for table, _, _ in _schema(environment)}
    assert {"user", "session", "account", "verification"} <= tables


def test_migrating_again_changes_nothing(environment: Environment) -> None:
    assert run(MIGRATE, environment).returncode == 0
    before = _schema(environment)

    assert run(MIGRATE, environment).returncode == 0

    assert _schema(environment) == before


def test_a_migration_that_was_killed_half_way_is_completed_by_the_next(stack: Stack, environment: Environment) -> None:
    with empty_database(stack) as whole:
        assert run(MIGRATE, whole).returncode == 0
        expected = _schema(whole)
    with running(MIGRATE, environment) as migration:
        eventually(lambda: _schema(environment) or migration.poll() is not None, within_seconds=60)
        migration.kill()

    assert run(MIGRATE, environment).returncode == 0

    assert _schema(environment) == expected


def test_a_server_in_production_refuses_a_database_that_is_not_migrated(environment: Environment) -> None:
    done = run(AUTH_SERVER, environment)

    assert done.returncode == 78
    assert "migrat" in done.stderr


def test_a_server_in_development_is_not_ready_until_the_migration_is_done(
    stack: Stack, environment: Environment
) -> None:
    development = {**environment, "NODE_ENV": "development"}
    url = f"http://127.0.0.1:{environment['AUTH_PORT']}"
    with running(AUTH_SERVER, development):
        eventually(lambda: _status(stack, f"{url}/health/live") == 200, within_seconds=60)
        assert _status(stack, f"{url}/health/ready") == 503
        assert _status(stack, f"{url}/api/auth/get-session") in {200, 503}

        assert run(MIGRATE, development).returncode == 0

        eventually(lambda: _status(stack, f"{url}/health/ready") == 200, within_seconds=60)
        body = {"email": "first@example.com", "password": "a good password", "name": "First"}
        signed_up = ApiClient(stack).request("POST", f"{url}/api/auth/sign-up/email", json=body)
        assert signed_up.status_code == 200, signed_up.text


def _status(stack: Stack, url: str) -> int:
    """0 while nobody listens."""
    try:
        return Visitor(stack).request("GET", url).status_code
    except httpx.TransportError:
        return 0


def test_the_auth_tables_may_live_in_a_schema_of_their_own(environment: Environment) -> None:
    elsewhere = {**environment, "AUTH_DB_SCHEMA": "auth"}
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute('CREATE TABLE session (mine int); CREATE TABLE "user" (mine int)')

    done = run(MIGRATE, elsewhere)

    assert done.returncode == 0, done.stderr
    assert {table for table, _, _ in _schema(environment)} == {"session", "user"}
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        made = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'auth'"
        ).fetchall()
    assert {"user", "session", "account", "verification"} <= {table for (table,) in made}


def test_the_auth_tables_may_have_other_names_and_more_fields(stack: Stack, environment: Environment) -> None:
    fields = [{"name": "plan", "type": "string", "default": "free", "services": True}]
    named = {
        **environment,
        "NODE_ENV": "development",
        "AUTH_TABLE_NAMES": "plural, snake_case",
        "AUTH_COLUMN_NAMES": "snake_case, user.name=full_name",
        "AUTH_USER_FIELDS": json.dumps(fields),
    }
    assert run(MIGRATE, named).returncode == 0
    assert run(MIGRATE, named).returncode == 0
    assert {("users", "full_name", "text"), ("users", "plan", "text"), ("rate_limits", "key", "text")} <= _schema(named)

    url = f"http://127.0.0.1:{environment['AUTH_PORT']}"
    with running(AUTH_SERVER, named):
        eventually(lambda: _status(stack, f"{url}/health/ready") == 200, within_seconds=60)
        client = ApiClient(stack)
        body = {"email": "first@example.com", "password": "a good password", "name": "First"}
        signed_up = client.request("POST", f"{url}/api/auth/sign-up/email", json=body)
        assert signed_up.status_code == 200, signed_up.text
        bearer = {"authorization": f"Bearer {signed_up.headers['set-auth-token']}"}
        checked = client.request("GET", f"{url}/api/auth/session", headers=bearer).json()

    assert (checked["user"]["name"], checked["user"]["fields"]) == ("First", {"plan": "free"})
