"""A badly configured backend never starts half: exit 78, every error named at once, no value shown."""

import pytest

from configuration.preloaded import run_backend
from configuration.refused_settings import Bad, BadValues, assert_refuses_to_start, rounds
from stack.processes import BACKEND, good_backend_environment, run

BAD: BadValues = {
    "AUTH_SERVER_URL": [None, "zx81", "ftp://zx81.example.org", "http://zx81.example.org/path"],
    "INTERNAL_TOKEN": [None, "short-zx81", "internal-token-zx81-internal-zx81-token", "z" * 64, "zx81 zx81"],
    "CORS_ORIGIN": [None, "*", "null", "http://zx81.org", "https://a.org,https://*.zx81.org", "https://zx81.org/x"],
    "BACKEND_DATABASE_URL": [None, "zx81", "mysql://user:zx81@db.example.org/x"],
    "APP_ENV": ["zx81", "test"],
    "BACKEND_HOST": ["zx81 host"],
    "BACKEND_PORT": ["zx81", "65536", "-1", "0"],
    "BACKEND_WORKERS": ["0", "zx81", "-2", "65"],
    "LOG_LEVEL": ["zx81"],
    "AUTH_DB_SCHEMA": ['zx81"; DROP SCHEMA public', "pg_zx81"],
    "BACKEND_DB_SCHEMA": ["zx81 schema", "pg_zx81"],
    "BACKEND_MIGRATION_DATABASE_URL": ["zx81", "mysql://user:zx81@db.example.org/x"],
    "DATABASE_POOL_MAX": ["0", "zx81"],
    "DATABASE_CONNECT_TIMEOUT_MS": ["2s", "0"],
    "DATABASE_STATEMENT_TIMEOUT_MS": ["-1"],
    "DATABASE_POOLER": ["zx81"],
    "DATABASE_CA_FILE": ["/no/such/zx81.pem"],
    "SIDECAR_TIMEOUT_SECONDS": ["0", "zx81", "nan", "inf", "-1"],
    "SIDECAR_MAX_CONCURRENCY": ["0", "zx81"],
    "SIDECAR_CACHE_ENTRIES": ["-1", "zx81"],
    "SIDECAR_STALE_GRACE_SECONDS": ["-1", "nan", "zx81"],
}


@pytest.mark.parametrize("bad", rounds(BAD), ids=len)
def test_every_error_is_named_at_once(bad: Bad) -> None:
    assert_refuses_to_start(run_backend, good_backend_environment(), bad)


@pytest.mark.parametrize("name", BAD)
def test_one_error_alone_keeps_it_from_starting(name: str) -> None:
    assert_refuses_to_start(run_backend, good_backend_environment(), {name: BAD[name][0]})


def test_an_empty_environment_is_an_error() -> None:
    done = run(BACKEND, {})

    assert done.returncode == 78
    assert "BACKEND_DATABASE_URL" in done.stderr


@pytest.mark.parametrize(("auth", "backend"), [("public", "public"), ("app", "app")])
def test_the_tables_of_the_two_services_must_not_share_a_schema(auth: str, backend: str) -> None:
    good = {**good_backend_environment(), "AUTH_DB_SCHEMA": auth}

    assert_refuses_to_start(run_backend, good, {"BACKEND_DB_SCHEMA": backend})
