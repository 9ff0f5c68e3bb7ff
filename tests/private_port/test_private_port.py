"""The private port serves services that know the token, and no public port leads to it."""

import json
import re

import pytest

from stack.raw_http import exchange
from stack.refusal import assert_refused
from stack.repository import text
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User

PATHS = ["/internal/session", "/metrics", "/api/auth/internal/session", "/internal/feed", "/api/internal/session"]
DETOURS = [
    "/api/auth/../../internal/session",
    "/api/auth/%2e%2e/%2e%2e/internal/session",
    "//internal/session",
    "/api/../internal/session",
    "/api/auth/..%2f..%2finternal/session",
]


@pytest.mark.parametrize("path", [*PATHS, *DETOURS])
def test_no_public_address_leads_to_the_private_port(stack: Stack, client: ApiClient, user: User, path: str) -> None:
    client.sign_up(user).raise_for_status()
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {client.token}",
        f"x-internal-token: {stack.internal_token}",
        "Connection: close",
    ]

    for url in (stack.auth_url, stack.api_url, stack.frontend_url):
        response = exchange(url, ("\r\n".join(lines) + "\r\n\r\n").encode())

        assert user.email.encode() not in response.body
        assert b"# TYPE" not in response.body
        if url != stack.frontend_url:
            assert response.status in {400, 404}, (url, response)


@pytest.mark.embedded
@pytest.mark.parametrize("path", ["/internal/session", "/metrics"])
@pytest.mark.parametrize("token", ["", "wrong", "prefix", "longer"])
def test_a_caller_without_the_internal_token_learns_nothing(
    stack: Stack, client: ApiClient, user: User, path: str, token: str
) -> None:
    client.sign_up(user).raise_for_status()
    sent = {"prefix": stack.internal_token[:-1], "longer": stack.internal_token + "x"}.get(token, token)

    response = client.request("GET", stack.auth_internal_url + path, headers={"x-internal-token": sent})

    assert_refused(response, 403)
    assert response.json()["code"] == "INTERNAL_TOKEN_REQUIRED"


@pytest.mark.embedded
def test_the_private_response_names_session_and_user_and_no_token(stack: Stack, client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()

    response = client.request(
        "GET", f"{stack.auth_internal_url}/internal/session", headers={"x-internal-token": stack.internal_token}
    )

    body = response.json()
    contract = json.loads(text("contract/identity.json"))
    assert {part: set(fields) for part, fields in body.items()} == {
        part: set(contract[part]) for part in ("session", "user")
    }
    assert client.token.partition(".")[0] not in response.text
    assert body["session"]["ipAddress"] == client.address


@pytest.mark.embedded
def test_checks_by_services_are_not_counted_by_the_public_rate_limit(client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()

    statuses = {client.me().status_code for _ in range(150)}

    assert statuses == {200}


@pytest.mark.embedded
def test_metrics_count_checks_and_name_no_one(stack: Stack, browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    browser.me().raise_for_status()

    metrics = browser.request(
        "GET", f"{stack.auth_internal_url}/metrics", headers={"x-internal-token": stack.internal_token}
    ).text

    assert re.search(r"(?m)^http_requests_total\{.* [1-9]", metrics)
    assert user.email not in metrics
    assert browser.cookie.partition(".")[0] not in metrics
