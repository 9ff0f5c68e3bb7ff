"""What is secret never reaches a log: not on success, not on any error path."""

import json
import re
import secrets

import pytest

from stack.inbox import mail_to
from stack.raw_http import exchange
from stack.target import Stack
from stack.tokens import as_cookie, sign
from stack.visitors import SESSION_COOKIE, ApiClient, Browser, User
from stack.waiting import eventually

SERVICES = ("auth-server", "backend")


def _canary() -> str:
    return "canary" + secrets.token_hex(12)


def _use_every_path(stack: Stack, user: User) -> list[str]:
    """Sends canaries through success and error paths; returns everything that must not be logged."""
    browser, client, nobody = Browser(stack), ApiClient(stack), ApiClient(stack)
    wrong, raw, query, body, name = (_canary() for _ in range(5))
    browser.sign_up(user).raise_for_status()
    client.sign_in(user).raise_for_status()
    spoken = [
        browser.cookie,
        as_cookie(client.token),
        client.token,
        browser.cookie.partition(".")[0],
        client.token.partition(".")[0],
    ]
    for visitor in (browser, client):
        visitor.me().raise_for_status()
        visitor.api("POST", "/notes", json={"text": body})
        visitor.auth("POST", "/update-user", json={"name": name})
        visitor.auth("GET", "/list-sessions")
    ApiClient(stack).auth("POST", "/sign-in/email", json={"email": user.email, "password": wrong})
    ApiClient(stack).auth("POST", "/sign-in/email", json={"email": user.email, "password": [wrong]})
    ApiClient(stack).auth("POST", "/sign-up/email", json={"email": user.email, "password": wrong, "name": name})
    browser.copy().auth("POST", "/change-password", json={"currentPassword": wrong, "newPassword": wrong + "new"})
    for token in (raw, sign(raw, stack.secret), sign(raw, "old secret")):
        ApiClient(stack, token=token).me()
        ApiClient(stack, token=token).session()
        Browser(stack, cookies={SESSION_COOKIE: token}).me()
    for path in ("/verify-email", "/reset-password/" + query, "/get-session", "/error", "/nothing/" + query):
        nobody.auth("GET", path, params={"token": query, "error": query})
    nobody.api("GET", "/notes", params={"cursor": query, "token": query})
    nobody.api("GET", "/nothing/" + query)
    client.api("POST", "/notes", content=f'{{"text": "{body}')
    client.api("POST", "/notes", json={"text": [body], body: body})
    nobody.auth("POST", "/reset-password", json={"newPassword": wrong, "token": query})
    browser.sign_out()
    browser.auth("POST", "/sign-in/magic-link", json={"email": user.email}).raise_for_status()
    link = mail_to(stack, user.email).token
    for token in (link, link, query):
        browser.auth("POST", "/magic-link/verify", json={"token": token, "email": user.email})
        browser.auth("GET", "/magic-link/verify", params={"token": token})
    browser.auth("POST", "/sign-in/email-otp", json={"email": user.email, "otp": query})
    spoken += [link, browser.cookie, browser.cookies["better-auth.sign_in_browser"]]
    return [user.email, user.password, wrong, raw, query, body, name, *spoken, stack.secret, stack.internal_token]


def _lines(log: str) -> list[str]:
    return [line for line in log.splitlines() if line.strip()]


def test_no_secret_and_no_address_is_logged_while_all_is_well(stack: Stack, user: User) -> None:
    canaries = _use_every_path(stack, user)

    for service in SERVICES:
        log = stack.logs(service)
        assert [canary for canary in canaries if canary in log] == [], service
        assert not re.search(r"postgres(ql)?(\+\w+)?://", log), service


@pytest.mark.usefixtures("recovered_afterwards")
def test_no_secret_is_logged_while_the_database_is_unavailable(stack: Stack, user: User) -> None:
    browser, client = Browser(stack), ApiClient(stack)
    browser.sign_up(user).raise_for_status()
    client.sign_in(user).raise_for_status()
    late = User()
    stack.stop("postgres")
    try:
        for visitor in (browser, client):
            visitor.me()
            visitor.session()
            visitor.auth("GET", "/list-sessions")
            visitor.api("POST", "/notes", json={"text": late.email})
        ApiClient(stack).sign_in(late)
        ApiClient(stack).sign_up(late)
    finally:
        stack.start("postgres")
    canaries = [
        user.email,
        user.password,
        late.email,
        late.password,
        client.token,
        client.token.partition(".")[0],
        browser.cookie,
    ]

    for service in SERVICES:
        log = stack.logs(service)
        assert [canary for canary in canaries if canary in log] == [], service
        assert not re.search(r"postgres(ql)?(\+\w+)?://", log), service


def test_one_request_id_stands_in_the_lines_of_both_services(stack: Stack, client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()
    request_id = "trace-" + secrets.token_hex(8)

    assert client.api("GET", "/me", headers={"x-request-id": request_id}).headers["x-request-id"] == request_id

    for service in SERVICES:
        lines = eventually(lambda s=service: [line for line in _lines(stack.logs(s)) if request_id in line], 30)
        assert json.loads(lines[0])["requestId"] == request_id


def test_every_line_is_one_json_object_whatever_a_client_sends(stack: Stack) -> None:
    marker = secrets.token_hex(8)
    hostile = [
        b"User-Agent: x\x1b[2J\x1b[31m " + marker.encode() + " \u2028".encode(),
        f'X-Request-Id: {marker}"}} {{"level":"info"'.encode(),
        b"Referer: http://" + marker.encode() + b"/" + b"x" * 5000,
        f"X-Forwarded-For: 1.2.3.4%0d%0a{marker}".encode(),
        b"Host: localhost",
        b"Connection: close",
    ]
    for url, path in ((stack.auth_url, "/api/auth/session"), (stack.api_url, "/api/me")):
        for target in (path, f"{path}/%0d%0a%7b%22level%22:%22info%22,%22forged%22:%22{marker}%22%7d"):
            exchange(url, b"\r\n".join([f"GET {target} HTTP/1.1".encode(), *hostile]) + b"\r\n\r\n")

    for service in SERVICES:
        log = stack.logs(service)
        assert "\x1b" not in log
        assert f'"forged":"{marker}"' not in log
        for line in _lines(log):
            assert line.startswith("{"), line
            assert isinstance(json.loads(line), dict)
