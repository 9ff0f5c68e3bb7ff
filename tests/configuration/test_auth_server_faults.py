"""A badly configured auth server never starts half: exit 78, every fault named at once, no value shown."""

import pytest

from stack.processes import AUTH_SERVER, good_auth_environment, run

MISSING = None
FAULTS: list[tuple[str, str | None]] = [
    ("BETTER_AUTH_SECRET", MISSING),
    ("BETTER_AUTH_SECRET", "too-short-a-Zx81"),
    ("BETTER_AUTH_SECRET", "change-me-change-me-change-me-change-me"),
    ("BETTER_AUTH_SECRET", "z" * 64),
    ("BETTER_AUTH_SECRET", "better-auth-secret-123456789"),
    ("INTERNAL_TOKEN", MISSING),
    ("INTERNAL_TOKEN", "short-Zx81"),
    ("INTERNAL_TOKEN", "internal-token-internal-token-internal"),
    ("INTERNAL_TOKEN", "línea-nueva-3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c"),
    ("DATABASE_URL", MISSING),
    ("DATABASE_URL", "nonsense-Zx81"),
    ("DATABASE_URL", "mysql://user:Zx81secret@db.example.org/x"),
    ("DATABASE_URL", "postgres://user:Zx81secret@db.example.org"),
    ("DATABASE_URL_DIRECT", "nonsense-Zx81"),
    ("PUBLIC_URL", MISSING),
    ("PUBLIC_URL", "nonsense-Zx81"),
    ("PUBLIC_URL", "http://zx81.example.org"),
    ("PUBLIC_URL", "https://zx81.example.org/path"),
    ("PUBLIC_URL", "javascript:zx81"),
    ("CORS_ORIGIN", "*"),
    ("CORS_ORIGIN", "https://*.zx81.example.org"),
    ("CORS_ORIGIN", "null"),
    ("CORS_ORIGIN", "http://zx81.example.org"),
    ("CORS_ORIGIN", "https://app.example.org,http://zx81.example.org"),
    ("CORS_ORIGIN", "https://zx81.example.org/path"),
    ("AUTH_PORT", "zx81"),
    ("AUTH_PORT", "0"),
    ("AUTH_PORT", "65536"),
    ("AUTH_PORT", "-4000"),
    ("AUTH_INTERNAL_PORT", "40.5"),
    ("AUTH_HOST", "zx81 host"),
    ("NODE_ENV", "test"),
    ("NODE_ENV", "prod"),
    ("TEST", "1"),
    ("LOG_LEVEL", "zx81"),
    ("AUTH_DB_SCHEMA", 'zx81"; DROP SCHEMA public'),
    ("BACKEND_DB_ROLE", "zx81 role"),
    ("DATABASE_POOL_MAX", "0"),
    ("SESSION_POOL_MAX", "zx81"),
    ("DATABASE_CONNECT_TIMEOUT_MS", "2s"),
    ("DATABASE_STATEMENT_TIMEOUT_MS", "-1"),
    ("DATABASE_POOLER", "zx81"),
    ("DATABASE_CA_FILE", "/no/such/zx81.pem"),
    ("CLIENT_IP_HEADER", "zx81 header:"),
    ("TRUSTED_PROXIES", "zx81"),
    ("TRUSTED_PROXIES", "10.0.0.0/33"),
    ("RATE_LIMIT_SIGN_IN", "3"),
    ("RATE_LIMIT_SIGN_IN", "0/10"),
    ("RATE_LIMIT_DEFAULT", "zx/81"),
    ("BETTER_AUTH_URL", "https://zx81.example.org"),
    ("BETTER_AUTH_TRUSTED_ORIGINS", "https://zx81.example.org"),
]


def _changed(name: str, value: str | None) -> dict[str, str]:
    environment = {**good_auth_environment(), name: value or ""}
    return {key: given for key, given in environment.items() if given or key != name}


@pytest.mark.parametrize(("name", "value"), FAULTS, ids=[f"{name}={value or ''}"[:60] for name, value in FAULTS])
def test_one_fault_keeps_it_from_starting(name: str, value: str | None) -> None:
    done = run(AUTH_SERVER, _changed(name, value))

    printed = done.stdout + done.stderr
    assert (done.returncode, name in printed) == (78, True), printed
    if value and len(value) > 4:
        assert value not in printed
    assert "Zx81secret" not in printed
    assert "    at " not in printed


def test_all_faults_are_named_at_once() -> None:
    bad = {
        "PUBLIC_URL": "nonsense",
        "CORS_ORIGIN": "*",
        "AUTH_PORT": "x",
        "LOG_LEVEL": "loud",
        "RATE_LIMIT_DEFAULT": "x",
    }
    environment = {**good_auth_environment(), **bad}
    del environment["BETTER_AUTH_SECRET"], environment["DATABASE_URL"]

    done = run(AUTH_SERVER, environment)

    assert done.returncode == 78
    named = {*bad, "BETTER_AUTH_SECRET", "DATABASE_URL"}
    assert [name for name in named if name not in done.stdout + done.stderr] == []


def test_an_empty_environment_is_a_configuration_fault() -> None:
    done = run(AUTH_SERVER, {})

    assert done.returncode == 78
    assert "DATABASE_URL" in done.stdout + done.stderr


def test_the_two_ports_and_the_two_secrets_must_differ() -> None:
    good = good_auth_environment()

    for same, other in (("AUTH_PORT", "AUTH_INTERNAL_PORT"), ("BETTER_AUTH_SECRET", "INTERNAL_TOKEN")):
        done = run(AUTH_SERVER, {**good, other: good[same]})
        assert done.returncode == 78
        assert same in done.stdout + done.stderr
        assert good["BETTER_AUTH_SECRET"] not in done.stdout + done.stderr


def test_a_command_that_does_not_exist_is_refused() -> None:
    done = run((*AUTH_SERVER, "sevre"), good_auth_environment())

    assert done.returncode not in {0, 1}
    assert "migrate" in done.stdout + done.stderr


def test_migrating_an_unreachable_database_fails_and_shows_no_password() -> None:
    environment = good_auth_environment()

    done = run((*AUTH_SERVER, "migrate"), environment)

    assert done.returncode not in {0, 78}
    password = environment["DATABASE_URL"].split(":")[2].partition("@")[0]
    assert password not in done.stdout + done.stderr
