"""What the environment may say."""

import json

import pytest

from auth_sidecar import AuthSidecar, ConfigurationError
from auth_sidecar.identity import User
from tests.support.fake_auth_server import FakeUser

GOOD = {"AUTH_SERVER_URL": "http://auth-server:4001", "INTERNAL_TOKEN": "f3b1c0d29e8a4756"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    for name in ("CORS_ORIGIN", "SIDECAR_TIMEOUT_SECONDS", "SIDECAR_MAX_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.usefixtures("environment")
def test_two_variables_are_enough() -> None:
    settings = AuthSidecar().settings

    assert settings.cors_origin == ("http://localhost:3000",)
    assert (settings.sidecar_timeout_seconds, settings.sidecar_max_concurrency) == (1, 32)


def test_an_empty_value_means_not_set(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SIDECAR_TIMEOUT_SECONDS", "")

    assert AuthSidecar().settings.sidecar_timeout_seconds == 1


def test_every_error_is_named_at_once_and_no_value(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AUTH_SERVER_URL")
    bad = {"INTERNAL_TOKEN": "canary token", "CORS_ORIGIN": "https://*.canary", "SIDECAR_MAX_CONCURRENCY": "canary"}
    for name, value in bad.items():
        environment.setenv(name, value)

    with pytest.raises(ConfigurationError) as raised:
        AuthSidecar()

    assert sorted(fault.split()[0] for fault in raised.value.faults) == sorted([*bad, "AUTH_SERVER_URL"])
    assert "canary" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH_SERVER_URL", "auth-server:4001"),
        ("AUTH_SERVER_URL", "ftp://auth-server"),
        ("AUTH_SERVER_URL", "http://user:pass@auth-server"),
        ("AUTH_SERVER_URL", "http://auth-server/internal"),
        ("CORS_ORIGIN", "*"),
        ("CORS_ORIGIN", "https://app.example.com/page"),
        ("CORS_ORIGIN", "app.example.com"),
        ("CORS_ORIGIN", "https://good.example.com,null"),
        ("CORS_ORIGIN", ","),
        ("SIDECAR_TIMEOUT_SECONDS", "0"),
        ("SIDECAR_TIMEOUT_SECONDS", "31"),
        ("SIDECAR_TIMEOUT_SECONDS", "nan"),
        ("SIDECAR_MAX_CONCURRENCY", "0"),
        ("SIDECAR_CACHE_ENTRIES", "-1"),
        ("SIDECAR_STALE_GRACE_SECONDS", "-1"),
        ("SIDECAR_STALE_GRACE_SECONDS", "inf"),
        ("INTERNAL_TOKEN", "two words"),
        ("INTERNAL_TOKEN", "line\nbreak"),
    ],
)
def test_a_bad_value_is_refused(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)

    with pytest.raises(ConfigurationError) as raised:
        AuthSidecar()

    assert [fault.split()[0] for fault in raised.value.faults] == [name]


def test_origins_are_compared_as_browsers_write_them(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CORS_ORIGIN", " https://App.Example.com:443/, http://localhost:80 ,http://[::1]:3000")

    assert AuthSidecar().settings.cors_origin == ("https://app.example.com", "http://localhost", "http://[::1]:3000")


@pytest.mark.usefixtures("environment")
def test_neither_settings_nor_a_user_show_secrets_when_they_are_logged() -> None:
    user = User.model_validate_json(json.dumps(FakeUser(name="canary", email="canary@example.com").as_json()["user"]))

    assert "canary" not in repr(user)
    assert GOOD["INTERNAL_TOKEN"] not in repr(AuthSidecar().settings)
