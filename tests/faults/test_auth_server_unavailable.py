"""The auth server is unavailable: the backend does not know, says so in time, and recovers automatically."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from stack.refusal import assert_refused, assert_unavailable
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User, Visitor
from stack.waiting import eventually

pytestmark = pytest.mark.usefixtures("recovered_afterwards")
DEADLINE_SECONDS = 3
SECONDS_TO_RECOVER = 30


@pytest.fixture(params=["stop", "kill", "pause"])
def outage(request: pytest.FixtureRequest) -> str:
    return request.param


def _end(stack: Stack, outage: str) -> None:
    if outage == "pause":
        stack.resume("auth-server")
    else:
        stack.start("auth-server")


def test_the_backend_responds_with_503_in_time_and_recovers(
    stack: Stack, visitor: Visitor, user: User, outage: str
) -> None:
    visitor.sign_up(user).raise_for_status()
    visitor.me().raise_for_status()
    getattr(stack, outage)("auth-server")
    try:
        for send in (
            visitor.me,
            lambda: visitor.api("GET", "/notes"),
            lambda: visitor.api("POST", "/notes", json={"text": "x"}),
        ):
            began = time.monotonic()
            response = send()
            assert time.monotonic() - began < DEADLINE_SECONDS
            assert_unavailable(response)
            assert response.json()["code"] == "AUTH_SERVER_UNAVAILABLE"
    finally:
        _end(stack, outage)

    eventually(lambda: visitor.me().status_code == 200, SECONDS_TO_RECOVER)


def test_many_requests_at_a_hanging_auth_server_get_503_in_time(stack: Stack, client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()
    stack.pause("auth-server")
    try:
        began = time.monotonic()
        with ThreadPoolExecutor(100) as pool:
            sent = [pool.submit(ApiClient(stack, token=client.token).me) for _ in range(100)]
        assert time.monotonic() - began < 2 * DEADLINE_SECONDS
    finally:
        stack.resume("auth-server")

    for response in sent:
        assert_unavailable(response.result())


def test_a_request_with_nothing_to_check_needs_no_auth_server(stack: Stack) -> None:
    stack.pause("auth-server")
    try:
        nobody = Visitor(stack)
        assert nobody.request("GET", f"{stack.api_url}/health/live").status_code == 200
        assert_refused(nobody.me(), 401, 503)
    finally:
        stack.resume("auth-server")


def test_the_app_reads_the_outage_at_its_own_address(stack: Stack, browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    stack.stop("auth-server")
    try:
        response = browser.request("GET", f"{stack.frontend_url}/api/auth/session")
        assert_unavailable(response)
        assert response.json()["code"] == "AUTH_SERVER_UNAVAILABLE"
        assert_unavailable(browser.request("GET", f"{stack.frontend_url}/api/me"))
    finally:
        stack.start("auth-server")


def test_a_backend_that_is_killed_comes_back_to_the_same_users(stack: Stack, visitor: Visitor, user: User) -> None:
    visitor.sign_up(user).raise_for_status()
    before = visitor.me().json()

    stack.kill("backend")
    stack.start("backend")

    assert visitor.me().json() == before


def test_an_auth_server_that_is_killed_in_a_sign_up_leaves_nobody_half_signed_up(stack: Stack) -> None:
    users = [User() for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        attempts = [pool.submit(_try_to_sign_up, stack, user) for user in users]
        eventually(lambda: any(attempt.done() for attempt in attempts), 60)
        stack.kill("auth-server")
        for attempt in attempts:
            attempt.result()
    stack.start("auth-server")

    for user in users:
        again, client = ApiClient(stack).sign_up(user), ApiClient(stack)
        assert again.status_code in {200, 422}, again.text
        client.sign_in(user).raise_for_status()
        assert client.me().status_code == 200


def _try_to_sign_up(stack: Stack, user: User) -> None:
    with contextlib.suppress(httpx.TransportError):
        ApiClient(stack).sign_up(user)
