"""The private port answers services that know the token, and the public ports have none of it."""

import json
import re

import pytest

from stack.raw_http import exchange
from stack.refusal import assert_refused
from stack.repository import text
from stack.target import Stack
from stack.visitors import ApiClient, Browser, Person

PATHS = ["/internal/session", "/metrics", "/api/auth/internal/session", "/internal/feed", "/api/internal/session"]
DETOURS = [
    "/api/auth/../../internal/session",
    "/api/auth/%2e%2e/%2e%2e/internal/session",
    "//internal/session",
    "/api/../internal/session",
    "/api/auth/..%2f..%2finternal/session",
]


@pytest.mark.parametrize("path", [*PATHS, *DETOURS])
def test_no_public_address_leads_to_the_private_port(
    stack: Stack, client: ApiClient, person: Person, path: str
) -> None:
    client.sign_up(person).raise_for_status()
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {client.token}",
        f"x-internal-token: {stack.internal_token}",
        "Connection: close",
    ]

    for url in (stack.auth_url, stack.api_url, stack.frontend_url):
        answer = exchange(url, ("\r\n".join(lines) + "\r\n\r\n").encode())

        assert person.email.encode() not in answer.body
        assert b"# TYPE" not in answer.body
        if url != stack.frontend_url:
            assert answer.status in {400, 404}, (url, answer)


@pytest.mark.embedded
@pytest.mark.parametrize("path", ["/internal/session", "/metrics"])
@pytest.mark.parametrize("token", ["", "wrong", "prefix", "longer"])
def test_a_caller_without_the_internal_token_learns_nothing(
    stack: Stack, client: ApiClient, person: Person, path: str, token: str
) -> None:
    client.sign_up(person).raise_for_status()
    sent = {"prefix": stack.internal_token[:-1], "longer": stack.internal_token + "x"}.get(token, token)

    answer = client.request("GET", stack.auth_internal_url + path, headers={"x-internal-token": sent})

    assert_refused(answer, 403)
    assert answer.json()["code"] == "INTERNAL_TOKEN_REQUIRED"


@pytest.mark.embedded
def test_the_private_answer_names_session_and_user_and_no_token(
    stack: Stack, client: ApiClient, person: Person
) -> None:
    client.sign_up(person).raise_for_status()

    answer = client.request(
        "GET", f"{stack.auth_internal_url}/internal/session", headers={"x-internal-token": stack.internal_token}
    )

    body = answer.json()
    contract = json.loads(text("contract/identity.json"))
    assert {part: set(fields) for part, fields in body.items()} == {
        part: set(contract[part]) for part in ("session", "user")
    }
    assert client.token.partition(".")[0] not in answer.text
    assert body["session"]["ipAddress"] == client.address


@pytest.mark.embedded
def test_checks_by_services_are_not_counted_by_the_public_rate_limit(client: ApiClient, person: Person) -> None:
    client.sign_up(person).raise_for_status()

    statuses = {client.me().status_code for _ in range(150)}

    assert statuses == {200}


@pytest.mark.embedded
def test_metrics_count_checks_and_name_no_one(stack: Stack, browser: Browser, person: Person) -> None:
    browser.sign_up(person).raise_for_status()
    browser.me().raise_for_status()

    metrics = browser.request(
        "GET", f"{stack.auth_internal_url}/metrics", headers={"x-internal-token": stack.internal_token}
    ).text

    assert re.search(r"(?m)^http_requests_total\{.* [1-9]", metrics)
    assert person.email not in metrics
    assert browser.cookie.partition(".")[0] not in metrics
