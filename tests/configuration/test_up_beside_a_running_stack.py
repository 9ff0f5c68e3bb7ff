"""`make up` with an error in the settings leaves the running stack exactly as it is, and names every error."""

import re
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from stack.processes import is_listening
from stack.target import Stack

# By who finds it: `make up` itself, or the service that it lets check its settings.
WRONG = {
    "make up": {
        "MODE": "dockre",
        "BACKEND_PORT": "eight thousand",
        "VITE_API_URL": "api.example.com",
        "FRONTEND_DEV_PORT": "0",
        "AUTH_PROXY_URL": "auth-server",
        "DATABASE_URL": "postgres://one@db.example.com/app",
    },
    "auth server": {"BETTER_AUTH_SECRET": "", "TRUSTED_PROXIES": "everywhere"},
    "backend": {"SIDECAR_CACHE_ENTRIES": "many", "SIDECAR_TIMEOUT_SECONDS": "0"},
    "both services": {"LOG_LEVEL": "loud", "DATABASE_POOLER": "pgbouncer"},
}
PRODUCTION = {"NODE_ENV": "production", "APP_ENV": "production", "INTERNAL_TOKEN": "changeme"}


def _assert_untouched(stack: Stack, before: list[dict[str, Any]]) -> None:
    assert stack.status() == before
    assert {service["state"] for service in before} == {"ready"}
    for url in (f"{stack.auth_url}/health/ready", f"{stack.api_url}/health/ready", stack.frontend_url):
        assert httpx.get(url).status_code == 200


def _unnamed(printed: str, names: Iterable[str]) -> list[str]:
    lines = [line.strip() for line in printed.splitlines()]
    return [name for name in names if not any(line.startswith(f"{name} ") for line in lines)]


def test_every_error_is_named_at_once_and_nothing_is_touched(stack: Stack) -> None:
    before = stack.status()
    wrong = {name: value for settings in WRONG.values() for name, value in settings.items()}

    done = stack.up_again(**wrong)

    assert done.returncode == 78
    assert _unnamed(done.stderr, wrong) == [], done.stderr
    _assert_untouched(stack, before)


@pytest.mark.parametrize(
    "settings",
    [
        *WRONG.values(),
        {"INTERNAL_TOKEN": ""},
        {"BACKEND_DB_ROLE": "postgres"},
        {"BETTER_AUTH_URL": "http://localhost:4000"},
        dict.fromkeys(("AUTH_HOST", "AUTH_INTERNAL_HOST", "BACKEND_HOST"), "192.0.2.1"),
    ],
    ids=[*WRONG, "no internal token", "the superuser's name", "a setting of better-auth", "another machine's address"],
)
@pytest.mark.embedded
def test_the_errors_that_one_of_them_finds_touch_nothing(stack: Stack, settings: dict[str, str]) -> None:
    before = stack.status()

    done = stack.up_again(**settings)

    assert done.returncode == 78, done.stdout + done.stderr
    assert _unnamed(done.stderr, settings) == []
    assert stack.status() == before


@pytest.mark.embedded
def test_a_port_that_is_taken_is_named_with_the_other_errors_and_one_that_is_free(stack: Stack) -> None:
    before = stack.status()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = stack.up_again(MAIL_PORT=str(port), LOG_LEVEL="loud")

    assert done.returncode == 78
    assert _unnamed(done.stderr, ["MAIL_PORT", "LOG_LEVEL"]) == [], done.stderr
    suggested = re.search(rf"MAIL_PORT is {port}, which is taken by pid \d+ .*set MAIL_PORT=(\d+)", done.stderr)
    assert suggested, done.stderr
    assert not is_listening(int(suggested[1]))
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
    assert {service["state"] for service in stack.status()} == {"ready"}


def test_the_status_names_the_port_where_mails_are_read(stack: Stack) -> None:
    (mail,) = (service for service in stack.status() if service["name"] == "mail")

    assert urlsplit(stack.mail_url).port in mail["ports"]


def test_nothing_changed_means_nothing_is_touched(stack: Stack) -> None:
    before = stack.status()

    assert stack.up_again().returncode == 0

    assert stack.status() == before
