"""Another site can neither act for a signed-in browser on the auth server nor sign it in as someone else."""

import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User

ELSEWHERE: dict[str, dict[str, str]] = {
    "another origin": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    "null": {"origin": "null", "sec-fetch-site": "cross-site"},
    "nothing at all": {"origin": "", "sec-fetch-site": ""},
    "another referer only": {"origin": "", "sec-fetch-site": "", "referer": "https://evil.example/"},
}
ACTS: dict[str, dict[str, object]] = {
    "/sign-out": {},
    "/update-user": {"name": "changed by another site"},
    "/revoke-sessions": {},
    "/revoke-other-sessions": {},
    "/change-password": {"currentPassword": "x", "newPassword": "another good password"},
    "/delete-user": {},
}


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_cookie_from_elsewhere_changes_nothing(browser: Browser, user: User, headers: dict[str, str]) -> None:
    browser.sign_up(user).raise_for_status()

    for path, body in ACTS.items():
        assert_refused(browser.copy().auth("POST", path, json=body, headers=headers), 403, 404)

    assert browser.session().json()["user"]["name"] == user.name


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
    ids=["another origin", "null", "navigation"],
)
@pytest.mark.parametrize("kind", ["JSON", "form"])
def test_another_site_cannot_sign_a_visitor_in(
    stack: Stack, browser: Browser, user: User, headers: dict[str, str], kind: str
) -> None:
    ApiClient(stack).sign_up(user).raise_for_status()
    fields = {"email": user.email, "password": user.password}

    if kind == "JSON":
        response = browser.auth("POST", "/sign-in/email", headers=headers, json=fields)
    else:
        response = browser.auth("POST", "/sign-in/email", headers=headers, data=fields)

    assert_refused(response, 403, 415)
    assert "set-cookie" not in response.headers


FOREIGN = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "/%5Cevil.example",
    "%2F%2Fevil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
]


@pytest.mark.parametrize("target", FOREIGN)
def test_no_response_sends_a_visitor_to_another_site(stack: Stack, user: User, target: str) -> None:
    ApiClient(stack).sign_up(user).raise_for_status()
    body = {"email": user.email, "password": user.password, "callbackURL": target}

    responses = [
        Browser(stack).auth("POST", "/sign-in/email", json=body),
        Browser(stack).auth("GET", "/verify-email", params={"token": "x", "callbackURL": target}),
        Browser(stack).auth("GET", "/reset-password/x", params={"callbackURL": target}),
    ]

    for response in responses:
        assert_refused(response, 400, 401, 403, 404)
        assert "location" not in response.headers


@pytest.mark.parametrize("value", [1, True, ["/"], {"a": "/"}])
@pytest.mark.parametrize("field", ["callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL"])
def test_a_callback_that_is_no_text_is_refused_politely(stack: Stack, user: User, field: str, value: object) -> None:
    body = {"email": user.email, "password": user.password, field: value}

    response = Browser(stack).auth("POST", "/sign-in/email", json=body)

    assert_refused(response, 400, 401, 403, 422)
