"""`make up` with a mistake in a setting leaves the stack that runs exactly as it is, and names every mistake."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from stack.target import Stack

# A setting of each service, and of the launcher itself.
WRONG = {
    "MODE": "dockre",
    "BACKEND_PORT": "eight thousand",
    "LOG_LEVEL": "loud",
    "BETTER_AUTH_SECRET": "",
    "TRUSTED_PROXIES": "everywhere",
    "DATABASE_POOLER": "pgbouncer",
    "SIDECAR_CACHE_ENTRIES": "many",
    "SIDECAR_TIMEOUT_SECONDS": "0",
    "VITE_API_URL": "api.example.com",
    "FRONTEND_DEV_PORT": "0",
    "AUTH_PROXY_URL": "auth-server",
    "DATABASE_URL": "postgres://one@db.example.com/app",
}
PRODUCTION = {"NODE_ENV": "production", "APP_ENV": "production", "INTERNAL_TOKEN": "changeme"}


def _assert_untouched(stack: Stack, before: list[dict[str, Any]]) -> None:
    assert stack.status() == before
    assert {service["state"] for service in before} == {"answering"}
    for url in (f"{stack.auth_url}/health/ready", f"{stack.api_url}/health/ready", stack.frontend_url):
        assert httpx.get(url).status_code == 200


def _unnamed(printed: str, names: Iterable[str]) -> list[str]:
    lines = [line.strip() for line in printed.splitlines()]
    return [name for name in names if not any(line.startswith(f"{name} ") for line in lines)]


def test_every_mistake_is_named_at_once_and_nothing_is_touched(stack: Stack) -> None:
    before = stack.status()

    done = stack.up_again(**WRONG)

    assert done.returncode == 78
    assert _unnamed(done.stderr, WRONG) == [], done.stderr
    _assert_untouched(stack, before)


@pytest.mark.parametrize(
    "setting",
    [
        *(pytest.param({name: value}, id=name) for name, value in WRONG.items()),
        pytest.param({"INTERNAL_TOKEN": ""}, id="no internal token"),
        pytest.param({"BACKEND_DB_ROLE": "postgres"}, id="the superuser's name"),
        pytest.param({"BETTER_AUTH_URL": "http://localhost:4000"}, id="a setting of better-auth"),
    ],
)
@pytest.mark.embedded
def test_one_mistake_alone_touches_nothing(stack: Stack, setting: dict[str, str]) -> None:
    before = stack.status()

    done = stack.up_again(**setting)

    assert done.returncode == 78, done.stdout + done.stderr
    assert _unnamed(done.stderr, setting) == []
    assert stack.status() == before


@pytest.mark.embedded
@pytest.mark.parametrize("name", ["AUTH_HOST", "AUTH_INTERNAL_HOST", "BACKEND_HOST"])
def test_an_address_that_is_not_this_machines_touches_nothing(stack: Stack, name: str) -> None:
    before = stack.status()

    done = stack.up_again(**{name: "192.0.2.1"})

    assert done.returncode == 78
    assert _unnamed(done.stderr, [name]) == []
    assert stack.status() == before


def test_a_weak_secret_in_production_touches_nothing(stack: Stack) -> None:
    before = stack.status()

    done = stack.up_again(**PRODUCTION)

    assert done.returncode == 78
    assert _unnamed(done.stderr, ["INTERNAL_TOKEN", "PUBLIC_URL", "CORS_ORIGIN"]) == [], done.stderr
    assert "changeme" not in done.stderr
    _assert_untouched(stack, before)


@pytest.mark.embedded
def test_a_certificate_that_is_not_there_touches_nothing(stack: Stack) -> None:
    before = stack.status()
    url = "postgres://u:p@127.0.0.1:1/app?sslmode=verify-full"

    done = stack.up_again(DATABASE_URL=url, BACKEND_DATABASE_URL=url, DATABASE_CA_FILE="/nowhere/ca.pem")

    assert done.returncode == 78
    assert "DATABASE_CA_FILE cannot be read" in done.stderr
    assert stack.status() == before


def test_the_public_port_as_the_private_one_is_named_with_what_to_write(stack: Stack) -> None:
    done = stack.up_again(AUTH_SERVER_URL=stack.auth_url)

    assert done.returncode == 78
    assert "AUTH_SERVER_URL leads to the auth server's public port" in done.stderr


@pytest.mark.embedded
def test_a_migration_that_fails_touches_nothing(stack: Stack) -> None:
    before = stack.status()
    stack.sql('CREATE SCHEMA occupied CREATE VIEW "user" AS SELECT 1 AS id')

    done = stack.up_again(AUTH_DB_SCHEMA="occupied")

    assert done.returncode == 1
    assert "migrations failed" in done.stderr
    assert stack.status() == before


@pytest.mark.embedded
def test_a_service_that_cannot_start_gives_way_to_the_one_that_ran(stack: Stack) -> None:
    done = stack.up_again(SIDECAR_TIMEOUT_SECONDS="0.000001")

    assert done.returncode == 1
    assert "backend did not start" in done.stderr
    assert {service["state"] for service in stack.status()} == {"answering"}


def test_nothing_changed_means_nothing_is_touched(stack: Stack) -> None:
    before = stack.status()

    assert stack.up_again().returncode == 0

    assert stack.status() == before
