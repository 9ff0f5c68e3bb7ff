"""A badly configured auth server never starts half: exit 78, every error named at once, no value shown."""

import subprocess

import pytest

from configuration.refused_settings import Bad, BadValues, assert_refuses_to_start, rounds
from stack.processes import AUTH_SERVER, Environment, good_auth_environment, run

BAD: BadValues = {
    "BETTER_AUTH_SECRET": [None, "short-zx81", "change-me-zx81-change-me-zx81-change-me", "zx81" * 16, "z" * 64],
    "INTERNAL_TOKEN": [
        None,
        "short-zx81",
        "internal-token-zx81-internal-zx81-token",
        "zx81-é-3f9a8b7c6d5e4f3a2b1c0d9e8f7a",
    ],
    "DATABASE_URL": [None, "zx81", "mysql://user:zx81@db.example.org/x", "postgres://user:zx81@db.example.org"],
    "DATABASE_URL_DIRECT": ["zx81"],
    "PUBLIC_URL": [None, "zx81", "http://zx81.example.org", "https://zx81.example.org/path", "javascript:zx81"],
    "CORS_ORIGIN": [
        "*",
        "https://*.zx81.org",
        "null",
        "http://zx81.org",
        "https://a.org,http://zx81.org",
        "https://zx81.org/x",
    ],
    "AUTH_PORT": ["zx81", "0", "65536", "-4000", "40.5"],
    "AUTH_INTERNAL_PORT": ["zx81", "0", "65536"],
    "AUTH_HOST": ["zx81 host"],
    "AUTH_INTERNAL_HOST": ["zx81 host"],
    "NODE_ENV": ["test", "zx81"],
    "TEST": ["1"],
    "LOG_LEVEL": ["zx81"],
    "AUTH_DB_SCHEMA": ['zx81"; DROP SCHEMA public', "pg_zx81"],
    "BACKEND_DB_ROLE": ["zx81 role"],
    "BACKEND_DB_SCHEMA": ["zx81 schema"],
    "BACKEND_MIGRATION_DATABASE_URL": ["zx81"],
    "DATABASE_POOL_MAX": ["0", "zx81"],
    "SESSION_POOL_MAX": ["zx81", "-1"],
    "DATABASE_CONNECT_TIMEOUT_MS": ["2s", "0"],
    "DATABASE_STATEMENT_TIMEOUT_MS": ["-1"],
    "DATABASE_POOLER": ["zx81"],
    "CLIENT_IP_HEADER": ["zx81 header:"],
    "TRUSTED_PROXIES": ["zx81", "10.0.0.0/33", "10.0.0.0/8/8"],
    "RATE_LIMIT_SIGN_IN": ["3", "0/10", "zx/81"],
    "RATE_LIMIT_DEFAULT": ["zx/81", "1/0"],
    "SMTP_URL": [None, "zx81", "http://zx81.example.org", "smtp://zx81.example.org/path"],
    "MAIL_FROM": ["zx81", "Zx81 <a@b.org>\r\nBcc: c@d.org", "zx81@example.com"],
    "MAIL_TEMPLATES": ["no/zx81"],
    "REQUIRE_EMAIL_VERIFICATION": ["zx81"],
    "MAGIC_LINK": ["zx81"],
    "EMAIL_CODE": ["zx81"],
    "BETTER_AUTH_URL": ["https://zx81.example.org"],
    "BETTER_AUTH_TRUSTED_ORIGINS": ["https://zx81.example.org"],
    "BETTER_AUTH_SECRETS": ["zx81"],
}


def _start(environment: Environment) -> subprocess.CompletedProcess[str]:
    return run(AUTH_SERVER, environment)


@pytest.mark.parametrize("bad", rounds(BAD), ids=len)
def test_every_error_is_named_at_once(bad: Bad) -> None:
    assert_refuses_to_start(_start, good_auth_environment(), bad)


@pytest.mark.parametrize("name", BAD)
def test_one_error_alone_keeps_it_from_starting(name: str) -> None:
    assert_refuses_to_start(_start, good_auth_environment(), {name: BAD[name][0]})


def test_a_certificate_authority_that_does_not_exist_is_an_error() -> None:
    assert_refuses_to_start(_start, good_auth_environment(), {"DATABASE_CA_FILE": "/no/such/file.pem"})


def test_an_empty_environment_is_an_error() -> None:
    done = run(AUTH_SERVER, {})

    assert done.returncode == 78
    assert "DATABASE_URL" in done.stderr


@pytest.mark.parametrize(
    ("one", "other"), [("AUTH_PORT", "AUTH_INTERNAL_PORT"), ("BETTER_AUTH_SECRET", "INTERNAL_TOKEN")]
)
def test_the_two_ports_and_the_two_secrets_must_differ(one: str, other: str) -> None:
    good = good_auth_environment()

    assert_refuses_to_start(_start, good, {other: good[one]})


def test_the_tables_of_the_two_services_must_not_share_a_schema() -> None:
    assert_refuses_to_start(_start, good_auth_environment(), {"BACKEND_DB_SCHEMA": "public"})


def test_a_command_that_does_not_exist_is_refused_with_those_that_do() -> None:
    done = run((*AUTH_SERVER, "sevre"), good_auth_environment())

    assert done.returncode == 78
    assert "migrate" in done.stderr


def test_migrating_an_unreachable_database_fails_and_shows_no_password() -> None:
    environment = good_auth_environment()

    done = run((*AUTH_SERVER, "migrate"), environment)

    assert done.returncode not in {0, 78}
    password = environment["DATABASE_URL"].split(":")[2].partition("@")[0]
    assert password not in done.stdout + done.stderr
