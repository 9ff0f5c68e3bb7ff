"""A misconfigured service never starts half: it names every error, shows no value, and exits 78."""

from pathlib import Path

import pytest

from app.config import ServiceSettings
from tests.support.database import Database, Server, run_python
from tests.support.fake_auth_server import INTERNAL_TOKEN

EX_CONFIG = 78
WORDS_OF_RULES = {"production", "postgres://"}
SERVERS = {
    "python -m app": ("-m", "app"),
    "uvicorn app.asgi:app": ("-m", "uvicorn", "app.asgi:app"),
}


@pytest.fixture
def production(database: Database) -> dict[str, str]:
    """An environment that production takes."""
    return {
        "APP_ENV": "production",
        "BACKEND_DATABASE_URL": database.url,
        "AUTH_SERVER_URL": "http://auth-server:4001",
        "INTERNAL_TOKEN": INTERNAL_TOKEN,
        "CORS_ORIGIN": "https://app.example.com",
    }


def errors_of(environment: dict[str, str], server: str = "python -m app") -> list[str]:
    """The names of the bad variables, from what a real process prints."""
    ended = run_python(*SERVERS[server], **environment)
    assert ended.returncode == EX_CONFIG, ended.stderr
    assert "Traceback" not in ended.stderr
    for value in set(environment.values()) - WORDS_OF_RULES:
        assert len(value) < 8 or value not in ended.stdout + ended.stderr
    return sorted(line.split()[1] for line in ended.stderr.splitlines() if line.startswith("  - "))


@pytest.mark.parametrize("server", SERVERS)
def test_nothing_set_names_all_that_is_required(server: str) -> None:
    assert errors_of({}, server) == ["AUTH_SERVER_URL", "BACKEND_DATABASE_URL", "CORS_ORIGIN", "INTERNAL_TOKEN"]


@pytest.mark.parametrize("server", SERVERS)
def test_every_error_is_named_at_once(production: dict[str, str], server: str) -> None:
    bad = {
        "APP_ENV": "staging-canary",
        "AUTH_SERVER_URL": "canary-no-url",
        "INTERNAL_TOKEN": "canary-short",
        "CORS_ORIGIN": "*",
        "BACKEND_DATABASE_URL": "mysql://canary:canary@db/x",
        "AUTH_DB_SCHEMA": 'canary"; drop',
        "LOG_LEVEL": "canary-level",
        "BACKEND_HOST": "canary host",
        "BACKEND_PORT": "canary-port",
        "BACKEND_WORKERS": "0",
        "DATABASE_POOL_MAX": "canary-max",
        "DATABASE_CONNECT_TIMEOUT_MS": "1",
        "DATABASE_STATEMENT_TIMEOUT_MS": "-1",
        "DATABASE_CA_FILE": "/canary/ca.pem",
        "DATABASE_POOLER": "canary-pooler",
        "SIDECAR_TIMEOUT_SECONDS": "canary-seconds",
        "SIDECAR_MAX_CONCURRENCY": "0",
    }

    assert set(errors_of({**production, **bad}, server)) == set(bad)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERNAL_TOKEN", "short"),
        ("INTERNAL_TOKEN", "change-me-change-me-change-me-change-me"),
        ("INTERNAL_TOKEN", "a" * 64),
        ("INTERNAL_TOKEN", "0123456789abcdef" * 4),
        ("INTERNAL_TOKEN", "development-secret-f3b1c0d29e8a47566b"),
        ("CORS_ORIGIN", "http://app.example.com"),
        ("CORS_ORIGIN", "https://app.example.com,http://localhost:3000"),
        ("CORS_ORIGIN", "https://*.example.com"),
        ("CORS_ORIGIN", "*"),
        ("CORS_ORIGIN", ""),
    ],
)
def test_production_refuses_what_development_forgives(production: dict[str, str], name: str, value: str) -> None:
    assert set(errors_of({**production, name: value})) == {name}


@pytest.mark.parametrize("server", SERVERS)
def test_production_refuses_a_pending_migration_beside_other_errors(
    production: dict[str, str], postgres: Server, server: str
) -> None:
    pending = {**production, "BACKEND_DATABASE_URL": postgres.new_database().url, "INTERNAL_TOKEN": "short"}

    assert errors_of(pending, server) == ["BACKEND_DATABASE_URL", "INTERNAL_TOKEN"]


def test_a_service_that_is_configured_well_is_not_refused(production: dict[str, str]) -> None:
    ended = run_python("-c", "import app.asgi", **production)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_unset_means_production(production: dict[str, str]) -> None:
    del production["APP_ENV"]

    assert errors_of({**production, "CORS_ORIGIN": "http://localhost:3000"}) == ["CORS_ORIGIN"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:p@h/d",
        "postgres://",
        "postgres://u:p@h:5432",
        "postgres://u:p@h/d?nonsense=1",
        "h/d",
        "postgres://[/d",
    ],
)
def test_what_is_no_database_url_is_refused(production: dict[str, str], url: str) -> None:
    assert errors_of({**production, "BACKEND_DATABASE_URL": url}) == ["BACKEND_DATABASE_URL"]


def test_check_reads_it_as_the_service_does_and_starts_nothing(production: dict[str, str]) -> None:
    done = run_python("-m", "app.check", **production)

    assert (done.returncode, done.stdout) == (0, "backend: the configuration can be used\n")
    assert run_python("-m", "app.check", **{**production, "BACKEND_PORT": "x"}).returncode == EX_CONFIG


@pytest.mark.parametrize("content", ["", "no certificate\n"])
def test_a_certificate_authority_that_holds_no_certificate_is_an_error(
    production: dict[str, str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(content)

    assert errors_of({**production, "DATABASE_CA_FILE": str(file)}) == ["DATABASE_CA_FILE"]


@pytest.mark.parametrize(
    ("app_env", "given", "level"),
    [("development", None, "debug"), ("production", None, "info"), ("development", "warn", "warn")],
)
def test_the_log_level_follows_the_environment(app_env: str, given: str | None, level: str) -> None:
    service = ServiceSettings.model_validate({"app_env": app_env, "log_level": given})

    assert service.effective_log_level == level
