"""A badly configured backend never starts half: exit 78, every fault named at once, no value shown."""

import pytest

from stack.processes import BACKEND, good_backend_environment, run

MISSING = None
FAULTS: list[tuple[str, str | None]] = [
    ("AUTH_SERVER_URL", MISSING),
    ("AUTH_SERVER_URL", "nonsense-zx81"),
    ("AUTH_SERVER_URL", "ftp://zx81.example.org"),
    ("INTERNAL_TOKEN", MISSING),
    ("INTERNAL_TOKEN", "short-Zx81"),
    ("INTERNAL_TOKEN", "internal-token-internal-token-internal"),
    ("INTERNAL_TOKEN", "z" * 64),
    ("CORS_ORIGIN", MISSING),
    ("CORS_ORIGIN", "*"),
    ("CORS_ORIGIN", "null"),
    ("CORS_ORIGIN", "http://zx81.example.org"),
    ("CORS_ORIGIN", "https://app.example.org,https://*.zx81.example.org"),
    ("CORS_ORIGIN", "https://zx81.example.org/path"),
    ("BACKEND_DATABASE_URL", MISSING),
    ("BACKEND_DATABASE_URL", "nonsense-zx81"),
    ("BACKEND_DATABASE_URL", "mysql://user:Zx81secret@db.example.org/x"),
    ("APP_ENV", "prod"),
    ("APP_ENV", "test"),
    ("BACKEND_PORT", "zx81"),
    ("BACKEND_PORT", "65536"),
    ("BACKEND_PORT", "-1"),
    ("LOG_LEVEL", "zx81"),
    ("AUTH_DB_SCHEMA", 'zx81"; DROP SCHEMA public'),
    ("DATABASE_POOL_MAX", "0"),
    ("DATABASE_CONNECT_TIMEOUT_MS", "2s"),
    ("DATABASE_STATEMENT_TIMEOUT_MS", "-1"),
    ("DATABASE_POOLER", "zx81"),
    ("DATABASE_CA_FILE", "/no/such/zx81.pem"),
    ("SIDECAR_TIMEOUT_SECONDS", "0"),
    ("SIDECAR_TIMEOUT_SECONDS", "zx81"),
    ("SIDECAR_MAX_CONCURRENCY", "0"),
]


def _changed(name: str, value: str | None) -> dict[str, str]:
    environment = {**good_backend_environment(), name: value or ""}
    return {key: given for key, given in environment.items() if given or key != name}


@pytest.mark.parametrize(("name", "value"), FAULTS, ids=[f"{name}={value or ''}"[:60] for name, value in FAULTS])
def test_one_fault_keeps_it_from_starting(name: str, value: str | None) -> None:
    done = run(BACKEND, _changed(name, value))

    printed = done.stdout + done.stderr
    assert (done.returncode, name in printed) == (78, True), printed
    if value and len(value) > 4:
        assert value not in printed
    assert "Zx81secret" not in printed
    assert "Traceback" not in printed


def test_all_faults_are_named_at_once() -> None:
    bad = {"AUTH_SERVER_URL": "nonsense", "CORS_ORIGIN": "*", "BACKEND_PORT": "x", "LOG_LEVEL": "loud"}
    environment = {**good_backend_environment(), **bad}
    del environment["INTERNAL_TOKEN"], environment["BACKEND_DATABASE_URL"]

    done = run(BACKEND, environment)

    assert done.returncode == 78
    named = {*bad, "INTERNAL_TOKEN", "BACKEND_DATABASE_URL"}
    assert [name for name in named if name not in done.stdout + done.stderr] == []


def test_an_empty_environment_is_a_configuration_fault() -> None:
    done = run(BACKEND, {})

    assert done.returncode == 78
    assert "BACKEND_DATABASE_URL" in done.stdout + done.stderr
