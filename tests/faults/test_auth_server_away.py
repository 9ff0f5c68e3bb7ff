"""The auth server is away: the backend does not know, says so in time, and is well again by itself."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from stack.eventually import eventually
from stack.refusal import assert_refused, assert_unavailable
from stack.target import Stack
from stack.visitors import ApiClient, Browser, Person, Visitor

DEADLINE_SECONDS = 3
SECONDS_TO_RECOVER = 5


@pytest.fixture(params=["stop", "kill", "pause"])
def away(request: pytest.FixtureRequest) -> str:
    return request.param


def _bring_back(stack: Stack, away: str) -> None:
    if away == "pause":
        stack.resume("auth-server")
    else:
        stack.start("auth-server")


def test_the_backend_answers_503_in_time_and_is_well_again_afterwards(
    stack: Stack, visitor: Visitor, person: Person, away: str
) -> None:
    visitor.sign_up(person).raise_for_status()
    visitor.me().raise_for_status()
    getattr(stack, away)("auth-server")
    try:
        for ask in (
            visitor.me,
            lambda: visitor.api("GET", "/notes"),
            lambda: visitor.api("POST", "/notes", json={"text": "x"}),
        ):
            began = time.monotonic()
            answer = ask()
            assert time.monotonic() - began < DEADLINE_SECONDS
            assert_unavailable(answer)
            assert answer.json()["code"] == "AUTH_SERVER_UNAVAILABLE"
    finally:
        _bring_back(stack, away)

    eventually(lambda: visitor.me().status_code == 200, SECONDS_TO_RECOVER)


def test_a_crowd_at_a_hanging_auth_server_is_answered_in_time(stack: Stack, client: ApiClient, person: Person) -> None:
    client.sign_up(person).raise_for_status()
    stack.pause("auth-server")
    try:
        began = time.monotonic()
        with ThreadPoolExecutor(100) as pool:
            asked = [pool.submit(ApiClient(stack, token=client.token).me) for _ in range(100)]
        assert time.monotonic() - began < 2 * DEADLINE_SECONDS
    finally:
        stack.resume("auth-server")

    for answer in asked:
        assert_unavailable(answer.result())


def test_a_request_with_nothing_to_check_needs_no_auth_server(stack: Stack) -> None:
    stack.pause("auth-server")
    try:
        nobody = Visitor(stack)
        assert nobody.request("GET", f"{stack.api_url}/health/live").status_code == 200
        assert_refused(nobody.me(), 401, 503)
    finally:
        stack.resume("auth-server")


def test_the_app_reads_the_outage_at_its_own_address(stack: Stack, browser: Browser, person: Person) -> None:
    browser.sign_up(person).raise_for_status()
    stack.stop("auth-server")
    try:
        answer = browser.request("GET", f"{stack.frontend_url}/api/auth/session")
        assert_unavailable(answer)
        assert answer.json()["code"] == "AUTH_SERVER_UNAVAILABLE"
        assert_unavailable(browser.request("GET", f"{stack.frontend_url}/api/me"))
    finally:
        stack.start("auth-server")


def test_a_backend_that_is_killed_comes_back_to_the_same_people(stack: Stack, visitor: Visitor, person: Person) -> None:
    visitor.sign_up(person).raise_for_status()
    before = visitor.me().json()

    stack.kill("backend")
    stack.start("backend")

    assert visitor.me().json() == before


def test_an_auth_server_that_is_killed_in_a_sign_up_leaves_nobody_half(stack: Stack) -> None:
    people = [Person() for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        attempts = [pool.submit(_try_to_sign_up, stack, person) for person in people]
        eventually(lambda: any(attempt.done() for attempt in attempts), 10)
        stack.kill("auth-server")
        for attempt in attempts:
            attempt.result()
    stack.start("auth-server")

    for person in people:
        again, client = ApiClient(stack).sign_up(person), ApiClient(stack)
        assert again.status_code in {200, 422}, again.text
        client.sign_in(person).raise_for_status()
        assert client.me().status_code == 200


def _try_to_sign_up(stack: Stack, person: Person) -> None:
    with contextlib.suppress(httpx.TransportError):
        ApiClient(stack).sign_up(person)
