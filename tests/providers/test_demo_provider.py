"""A sign-in at another implementation than ours, through the whole stack: the demo provider is oidc-provider."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from stack.demo_provider import choose
from stack.target import Stack
from stack.visitors import Browser

CALLBACK = "/api/auth/callback/demo"


def _begin(browser: Browser, stack: Stack) -> str:
    pages = f"{stack.frontend_url}/welcome"
    body = {"provider": "demo", "callbackURL": pages, "errorCallbackURL": f"{stack.frontend_url}/sign-in"}
    response = browser.auth("POST", "/sign-in/social", json={**body, "disableRedirect": True})
    return response.raise_for_status().json()["url"]


def _return_to(browser: Browser, callback: str) -> httpx.Response:
    return browser.auth("GET", f"/callback/demo?{urlsplit(callback).query}", headers={"accept": "text/html"})


def _end_of(browser: Browser, callback: str) -> str:
    return _return_to(browser, callback).headers["location"]


@pytest.fixture
def email() -> str:
    return f"{uuid4()}@example.com"


def test_who_signs_in_at_a_provider_is_known_to_the_backend(stack: Stack, email: str) -> None:
    browser = Browser(stack)
    callback = choose(_begin(browser, stack), email, CALLBACK)

    assert _return_to(browser, callback).headers["location"] == f"{stack.frontend_url}/welcome"
    assert browser.api("GET", "/me").raise_for_status().json()["email"] == email


def test_a_callback_is_good_once_however_many_arrive_at_once(stack: Stack, email: str) -> None:
    browser = Browser(stack)
    callback = choose(_begin(browser, stack), email, CALLBACK)
    copies = [browser.copy() for _ in range(50)]
    with ThreadPoolExecutor(16) as pool:
        ends = list(pool.map(_end_of, copies, [callback] * len(copies)))

    errors = [parse_qs(urlsplit(end).query).get("error", ["none"])[0] for end in ends]
    assert sorted(set(errors)) == ["none", "state_mismatch"]
    assert errors.count("none") == 1
    assert stack.sql(
        f"""SELECT count(*) FROM session s JOIN "user" u ON u.id = s."userId" WHERE u.email = '{email}'"""
    ) == [{"count": 1}]


def test_the_provider_gets_no_more_than_it_needs(stack: Stack) -> None:
    address = _begin(Browser(stack), stack)
    sent = parse_qs(urlsplit(address).query)

    assert address.startswith(f"{stack.provider_url}/")
    assert sent["scope"] == ["openid email profile"]
    assert sent["code_challenge_method"] == ["S256"]
    assert re.fullmatch(r"http://localhost:\d+/api/auth/callback/demo", sent["redirect_uri"][0])
