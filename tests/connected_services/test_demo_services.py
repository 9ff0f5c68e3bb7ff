"""Connected services through the whole stack.

The demo provider is another implementation than ours (oidc-provider). It takes each refresh token once, and ends the
connection when one comes back.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from stack.demo_provider import browser_at_the_provider, choose
from stack.target import Stack, literal
from stack.users import sign_up
from stack.visitors import ApiClient, Browser

SERVICES = "/connected-services"
CALLBACK = f"/api/auth{SERVICES}/demo/callback"


def _begin(browser: Browser) -> str:
    return browser.auth("POST", f"{SERVICES}/demo/authorize", json={}).raise_for_status().json()["url"]


def _choose(address: str, email: str) -> str:
    """The query that the user comes back with."""
    return urlsplit(choose(address, email, CALLBACK)).query


def _return_to(browser: Browser, query: str) -> str | None:
    """The error that the page is told."""
    response = browser.auth("GET", f"{SERVICES}/demo/callback?{query}")
    assert response.headers["location"].startswith(f"{browser.stack.frontend_url}/account?")
    return parse_qs(urlsplit(response.headers["location"]).query).get("service-error", [None])[0]


def _connect(browser: Browser, email: str) -> None:
    assert _return_to(browser, _choose(_begin(browser), email)) is None


def _connection(browser: Browser, service: str) -> dict[str, Any] | None:
    services = browser.auth("GET", SERVICES).raise_for_status().json()["services"]
    return next(one["connection"] for one in services if one["id"] == service)


def _make_due(stack: Stack, user_id: str) -> None:
    stack.sql(
        """UPDATE account SET "accessTokenExpiresAt" = now() - interval '1 second' """
        f"""WHERE "userId" = {literal(user_id)} AND "providerId" = 'connected:demo'"""
    )


def _asked(visitor: Browser | ApiClient) -> tuple[int, str]:
    """What the backend's example route says: the account there, or the code of an error."""
    response = visitor.api("GET", "/connected-service")
    body = response.json()
    return response.status_code, body.get("email") or body["code"]


@pytest.fixture
def browser(stack: Stack) -> Browser:
    return Browser(stack)


@pytest.fixture
def user_id(browser: Browser) -> str:
    return sign_up(browser)


@pytest.fixture
def email() -> str:
    return f"{uuid4()}@example.com"


@pytest.fixture
def provider_comes_back(stack: Stack) -> Iterator[None]:
    yield
    stack.start("provider")


@pytest.mark.usefixtures("user_id")
def test_a_route_of_the_backend_acts_for_its_user(browser: Browser, email: str) -> None:
    assert _asked(browser) == (409, "SERVICE_NOT_CONNECTED")

    _connect(browser, email)

    assert _asked(browser) == (200, email)
    connection = _connection(browser, "demo")
    assert connection is not None
    assert connection["account"] == email
    assert connection["scopes"] == ["openid", "profile", "email"]


def test_a_callback_is_good_once_however_many_arrive_at_once(
    browser: Browser, stack: Stack, user_id: str, email: str
) -> None:
    query = _choose(_begin(browser), email)
    copies = [browser.copy() for _ in range(50)]
    with ThreadPoolExecutor(16) as pool:
        errors = list(pool.map(_return_to, copies, [query] * len(copies)))

    assert errors.count(None) == 1
    assert set(errors) == {None, "state_mismatch"}
    assert stack.sql(
        f"""SELECT count(*) FROM account WHERE "userId" = {literal(user_id)} AND "providerId" = 'connected:demo'"""
    ) == [{"count": 1}]
    assert _asked(browser) == (200, email)


def test_a_token_that_is_due_is_refreshed_once_however_many_requests_want_it(
    browser: Browser, stack: Stack, user_id: str, email: str
) -> None:
    _connect(browser, email)
    for _ in range(3):
        _make_due(stack, user_id)
        copies = [browser.copy() for _ in range(50)]
        with ThreadPoolExecutor(16) as pool:
            seen = list(pool.map(_asked, copies))
        # A refresh token that was shown twice would have ended the connection.
        assert set(seen) == {(200, email)}
    connection = _connection(browser, "demo")
    assert connection is not None
    assert not connection["isRevoked"]


def test_another_users_connection_is_nobody_elses(stack: Stack, browser: Browser, user_id: str, email: str) -> None:
    _connect(browser, email)
    other = Browser(stack)
    sign_up(other)

    assert _return_to(other, _choose(_begin(browser), email)) == "state_mismatch"
    assert _asked(other) == (409, "SERVICE_NOT_CONNECTED")
    assert other.auth("DELETE", f"{SERVICES}/demo").status_code == 409
    assert _asked(browser) == (200, email)
    assert user_id


@pytest.mark.usefixtures("user_id")
def test_removing_counts_at_once_while_the_session_is_cached(browser: Browser, email: str) -> None:
    _connect(browser, email)
    assert _asked(browser) == (200, email)

    browser.auth("DELETE", f"{SERVICES}/demo").raise_for_status()

    assert _asked(browser) == (409, "SERVICE_NOT_CONNECTED")
    assert _connection(browser, "demo") is None


@pytest.mark.usefixtures("user_id")
def test_signing_out_counts_at_once(browser: Browser, email: str) -> None:
    _connect(browser, email)
    thief = browser.copy()
    assert _asked(thief) == (200, email)

    browser.sign_out().raise_for_status()

    assert _asked(thief) == (401, "SESSION_EXPIRED")


@pytest.mark.usefixtures("provider_comes_back")
def test_a_service_that_is_down_loses_nothing_and_one_that_forgot_us_has_to_be_connected_again(
    browser: Browser, stack: Stack, user_id: str, email: str
) -> None:
    _connect(browser, email)
    _make_due(stack, user_id)
    stack.stop("provider")
    down = browser.api("GET", "/connected-service")
    kept = _connection(browser, "demo")
    # It keeps what it knows in memory, so it comes back without any grant.
    stack.start("provider")

    assert (down.status_code, down.json()["code"], down.headers["retry-after"]) == (503, "SERVICE_UNAVAILABLE", "1")
    assert kept is not None
    assert not kept["isRevoked"]
    assert _asked(browser) == (409, "CONNECTION_REVOKED")
    over = _connection(browser, "demo")
    assert over is not None
    assert over["isRevoked"]
    _connect(browser, email)
    assert _asked(browser) == (200, email)


@pytest.mark.usefixtures("user_id")
def test_a_key_of_the_demo_provider_is_checked_there(browser: Browser, stack: Stack) -> None:
    with browser_at_the_provider() as pages:
        page = pages.get(f"{stack.provider_url}/keys").raise_for_status().text
    (key,) = re.findall(r"demo_[0-9a-f]{40}", page)
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")

    refused = browser.auth("POST", f"{SERVICES}/demo-keys/key", json={"key": wrong})
    browser.auth("POST", f"{SERVICES}/demo-keys/key", json={"key": key}).raise_for_status()

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_API_KEY")
    connection = _connection(browser, "demo-keys")
    assert connection is not None
    assert (connection["account"], connection["keyHint"]) == ("demo-account", key[-4:])


def test_a_connection_is_gone_with_its_user(browser: Browser, stack: Stack, user_id: str, email: str) -> None:
    _connect(browser, email)
    stack.sql(f'DELETE FROM "user" WHERE id = {literal(user_id)}')

    assert stack.sql(f"""SELECT 1 FROM account WHERE "userId" = {literal(user_id)}""") == []
    assert _asked(browser)[0] == 401
