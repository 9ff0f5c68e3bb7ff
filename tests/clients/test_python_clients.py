"""Packages from PyPI that others wrote for better-auth, used as their documentation says."""

from urllib.parse import urlsplit

import pytest

from clients.venv import run_program
from stack.target import Stack
from stack.visitors import SESSION_COOKIE, Browser, User, new_address


@pytest.mark.parametrize(
    "port",
    [
        # In Compose, Caddy writes the address that attempts are counted by, and all of these come from one.
        pytest.param("behind the frontend", marks=pytest.mark.embedded),
        "the auth server's own",
    ],
)
def test_better_auth_client_does_what_its_readme_shows(stack: Stack, port: str) -> None:
    # Of itself it names the address that it calls as the origin, which the auth server's own port is not.
    url, origin = (
        (stack.frontend_url, {}) if port == "behind the frontend" else (stack.auth_url, {"origin": stack.frontend_url})
    )
    headers = [{"x-real-ip": new_address(), **origin} for _ in range(3)]  # attempts are counted by address

    seen = run_program("better_auth_client_calls.py", {"url": url, "headers": headers})

    assert seen == {
        "signed up": "Ada",
        "wrong password": "INVALID_EMAIL_OR_PASSWORD",
        "sessions": 2,
        "renamed": "Ada Lovelace",
        "revoked": None,
        "old password": "INVALID_EMAIL_OR_PASSWORD",
        "signed in again": "Ada Lovelace",
        "others revoked": ["Ada Lovelace", None],
        "signed out": None,
        "ended token": None,
        "live token": "Ada Lovelace",
        "async": [None, "Ada"],
    }


def _bridge_input(stack: Stack, user: User) -> dict[str, object]:
    live, ended = Browser(stack), Browser(stack)
    live.sign_up(user).raise_for_status()
    ended.sign_in(user).raise_for_status()
    cookie = f"{SESSION_COOKIE}={ended.cookie}"
    ended.sign_out().raise_for_status()
    return {
        "origin": stack.frontend_url,
        "secret": stack.secret,
        "live": f"{SESSION_COOKIE}={live.cookie}",
        "ended": cookie,
    }


def _expected(user: User) -> dict[str, object]:
    return {
        "live": {"email": user.email, "role": "user"},
        "optional": user.email,
        "anonymous": None,
        "nobody": 401,
        "ended": 401,
        "forged": 401,
        "own page": 200,
        "another site": 403,
    }


def test_the_fastapi_bridge_asks_get_session(stack: Stack, user: User) -> None:
    given = _bridge_input(stack, user)

    assert run_program("bridge_service.py", {**given, "url": stack.auth_url}) == _expected(user)


@pytest.mark.embedded
def test_the_fastapi_bridge_reads_the_tables(stack: Stack, user: User) -> None:
    given = _bridge_input(stack, user)
    database_url = urlsplit(stack.database_url)._replace(scheme="postgresql+psycopg").geturl()

    assert run_program("bridge_service.py", {**given, "database_url": database_url}) == _expected(user)
