"""The database is unavailable: "don't know" everywhere, nobody signed out, and an automatic recovery."""

import time
from collections.abc import Iterator

import httpx
import pytest

from stack.refusal import assert_refused, assert_unavailable
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User, Visitor
from stack.waiting import eventually

pytestmark = pytest.mark.usefixtures("recovered_afterwards")
SECONDS_TO_RECOVER = 30
SECONDS_TO_RESPOND = 5
BODIES: dict[str, dict[str, object]] = {
    "/sign-in/email": {"email": "someone@example.com", "password": "a good password"},
    "/sign-up/email": {"email": "someone@example.com", "password": "a good password", "name": "Someone"},
    "/sign-out": {},
    "/update-user": {"name": "Someone"},
    "/change-password": {"currentPassword": "a good password", "newPassword": "a better password"},
    "/verify-password": {"password": "a good password"},
    "/reset-password": {"newPassword": "a better password", "token": "x" * 24},
    "/revoke-session": {"token": "x"},
    "/revoke-sessions": {},
    "/revoke-other-sessions": {},
}
READS = ("/session", "/get-session", "/list-sessions", "/list-accounts")


def _request_everything(visitor: Visitor) -> Iterator[httpx.Response]:
    """Every route of both services that checks who is calling."""
    for path in READS:
        yield visitor.auth("GET", path)
    for path, body in BODIES.items():
        yield visitor.auth("POST", path, json=body)
    yield visitor.me()
    yield visitor.api("GET", "/notes")
    yield visitor.api("POST", "/notes", json={"text": "x"})


@pytest.fixture
def signed_in(stack: Stack) -> tuple[Browser, ApiClient]:
    browser, client = Browser(stack), ApiClient(stack)
    for visitor in (browser, client):
        visitor.sign_up(User()).raise_for_status()
        visitor.me().raise_for_status()
    return browser, client


def _assert_recovered(signed_in: tuple[Browser, ApiClient]) -> None:
    for visitor in signed_in:
        eventually(lambda v=visitor: (v.session().status_code, v.me().status_code) == (200, 200), SECONDS_TO_RECOVER)
        assert visitor.auth("GET", "/list-sessions").status_code == 200
        assert visitor.api("POST", "/notes", json={"text": "after the outage"}).status_code == 201
    fresh = ApiClient(signed_in[0].stack)
    assert fresh.sign_up(User()).status_code == 200
    assert fresh.me().status_code == 200


def test_a_stopped_database_is_503_on_every_route_and_signs_nobody_out(
    stack: Stack, signed_in: tuple[Browser, ApiClient]
) -> None:
    cookies = dict(signed_in[0].cookies)
    stack.stop("postgres")
    try:
        for visitor in signed_in:
            for response in _request_everything(visitor):
                assert_unavailable(response)
                assert response.elapsed.total_seconds() < SECONDS_TO_RESPOND, response.request.url
        for service in (stack.auth_url, stack.api_url):
            assert Visitor(stack).request("GET", f"{service}/health/live").status_code == 200
            assert Visitor(stack).request("GET", f"{service}/health/ready").status_code == 503
    finally:
        stack.start("postgres")

    assert signed_in[0].cookies == cookies
    _assert_recovered(signed_in)


def test_forged_tokens_are_refused_even_while_the_database_is_unavailable(stack: Stack) -> None:
    stack.stop("postgres")
    try:
        assert_refused(ApiClient(stack, token="a.b").me(), 401)
        assert_refused(ApiClient(stack).me(), 401)
    finally:
        stack.start("postgres")


def test_a_killed_database_is_503_and_comes_back_without_a_restart(
    stack: Stack, signed_in: tuple[Browser, ApiClient]
) -> None:
    stack.kill("postgres")
    try:
        for visitor in signed_in:
            assert_unavailable(visitor.session())
            assert_unavailable(visitor.me())
    finally:
        stack.start("postgres")

    _assert_recovered(signed_in)


def test_a_database_that_hangs_is_503_within_bounds(stack: Stack, signed_in: tuple[Browser, ApiClient]) -> None:
    browser, client = signed_in
    stack.pause("postgres")
    try:
        for send, bound_seconds in (
            (client.me, 4),
            (browser.session, 8),
            (browser.me, 4),
            (lambda: browser.auth("GET", "/get-session"), 12),
        ):
            began = time.monotonic()
            assert_unavailable(send())
            assert time.monotonic() - began < bound_seconds
        assert Visitor(stack).request("GET", f"{stack.auth_url}/health/live").status_code == 200
    finally:
        stack.resume("postgres")

    _assert_recovered(signed_in)


def test_the_app_may_read_that_the_database_is_unavailable(stack: Stack, signed_in: tuple[Browser, ApiClient]) -> None:
    browser, _ = signed_in
    stack.stop("postgres")
    try:
        for response in (browser.session(), browser.me(), browser.auth("GET", "/get-session")):
            assert response.status_code == 503
            assert response.headers["access-control-allow-origin"] == stack.frontend_url
    finally:
        stack.start("postgres")
