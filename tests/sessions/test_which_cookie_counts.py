"""Of several cookies the same one counts everywhere: on the page, in the API, in better-auth's own routes."""

import json
from typing import Any

import pytest

from stack.raw_http import RawResponse, exchange
from stack.target import REPOSITORY, Stack
from stack.tokens import from_cookie
from stack.visitors import ApiClient, Browser, User

CASES: list[dict[str, Any]] = json.loads((REPOSITORY / "contract" / "cookies.json").read_text(encoding="utf-8"))[
    "cases"
]
OVER_HTTP = [case for case in CASES if case["over"] == "http"]


class Two:
    """Two users who are signed in, and requests with the cookies of both."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.browsers = {"ada": Browser(stack), "bob": Browser(stack)}
        for browser in self.browsers.values():
            browser.sign_up(User()).raise_for_status()
        self.names = {browser.me().json()["email"]: name for name, browser in self.browsers.items()}

    def fill(self, line: str) -> bytes:
        for name, browser in self.browsers.items():
            line = line.replace(f"{{{name}}}", browser.cookie).replace(f"{{{name}.raw}}", from_cookie(browser.cookie))
        return line.replace("{forged}", "eve.c2ln").encode("latin-1")

    def send(self, url: str, method: bytes, path: bytes, lines: list[str]) -> RawResponse:
        head = [method + b" " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", b"Content-Length: 0"]
        head += [b"Origin: " + self.stack.frontend_url.encode(), *(b"Cookie:" + self.fill(line) for line in lines)]
        return exchange(url, b"\r\n".join(head) + b"\r\n\r\n")

    def who(self, service: str, path: bytes, lines: list[str]) -> str:
        url = self.stack.auth_url if service == "auth" else self.stack.api_url
        response = self.send(url, b"GET", path, lines)
        body = json.loads(response.body)
        if response.status != 200 or body is None:
            return "nobody" if body is None else str(body["code"])
        return self.names[body.get("user", body)["email"]]


@pytest.fixture(scope="module")
def two(stack: Stack) -> Two:
    return Two(stack)


@pytest.mark.parametrize("case", OVER_HTTP, ids=lambda case: case["what"])
def test_page_api_and_better_auth_see_the_same_user(two: Two, case: dict[str, Any]) -> None:
    lines: list[str] = case["cookie"]

    assert two.who("auth", b"/api/auth/session", lines) == case["counts"]
    for _ in range(2):  # the second time from the backend's cache
        assert two.who("api", b"/api/me", lines) == case["counts"]
    assert two.who("auth", b"/api/auth/get-session", lines) == (
        case["counts"] if case["counts"] in two.browsers else "nobody"
    )


@pytest.mark.parametrize(
    "case", [case for case in OVER_HTTP if case["counts"] in {"ada", "bob"}][:16], ids=lambda case: case["what"]
)
def test_signing_out_ends_the_session_that_was_seen(stack: Stack, case: dict[str, Any]) -> None:
    two = Two(stack)
    seen = case["counts"]
    other = "bob" if seen == "ada" else "ada"

    assert two.send(stack.auth_url, b"POST", b"/api/auth/sign-out", case["cookie"]).status == 200

    assert (two.browsers[seen].session().status_code, two.browsers[seen].me().status_code) == (401, 401)
    assert (two.browsers[other].session().status_code, two.browsers[other].me().status_code) == (200, 200)


def test_a_bearer_beside_its_own_cookie_needs_no_origin(stack: Stack, client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()
    browser = Browser(stack)
    browser.auth("POST", "/sign-in/email", json={"email": user.email, "password": user.password}).raise_for_status()
    both = {
        "authorization": f"Bearer {from_cookie(browser.cookie)}",
        "cookie": f"better-auth.session_token={browser.cookie}",
    }

    assert client.api("POST", "/notes", json={"text": "mine"}, headers=both).status_code == 201
    assert client.auth("POST", "/update-user", json={"name": "Changed"}, headers=both).status_code == 200
    assert client.auth("POST", "/sign-out", json={}, headers=both).status_code == 200
    assert (browser.session().status_code, browser.me().status_code) == (401, 401)
