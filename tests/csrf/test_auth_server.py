"""Another site can neither act for a signed-in browser on the auth server nor sign it in as someone else."""

import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Browser, Person

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
def test_a_cookie_from_elsewhere_changes_nothing(browser: Browser, person: Person, headers: dict[str, str]) -> None:
    browser.sign_up(person).raise_for_status()

    for path, body in ACTS.items():
        assert_refused(browser.copy().auth("POST", path, json=body, headers=headers), 403, 404)

    assert browser.session().json()["user"]["name"] == person.name


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
    stack: Stack, browser: Browser, person: Person, headers: dict[str, str], kind: str
) -> None:
    ApiClient(stack).sign_up(person).raise_for_status()
    fields = {"email": person.email, "password": person.password}

    if kind == "JSON":
        answer = browser.auth("POST", "/sign-in/email", headers=headers, json=fields)
    else:
        answer = browser.auth("POST", "/sign-in/email", headers=headers, data=fields)

    assert_refused(answer, 403, 415)
    assert "set-cookie" not in answer.headers


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
def test_no_answer_sends_a_visitor_to_another_site(stack: Stack, person: Person, target: str) -> None:
    ApiClient(stack).sign_up(person).raise_for_status()
    body = {"email": person.email, "password": person.password, "callbackURL": target}

    answers = [
        Browser(stack).auth("POST", "/sign-in/email", json=body),
        Browser(stack).auth("GET", "/verify-email", params={"token": "x", "callbackURL": target}),
        Browser(stack).auth("GET", "/reset-password/x", params={"callbackURL": target}),
    ]

    for answer in answers:
        assert_refused(answer, 400, 401, 403, 404)
        assert "location" not in answer.headers


@pytest.mark.parametrize("value", [1, True, ["/"], {"a": "/"}])
@pytest.mark.parametrize("field", ["callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL"])
def test_a_callback_that_is_no_text_is_refused_politely(
    stack: Stack, person: Person, field: str, value: object
) -> None:
    body = {"email": person.email, "password": person.password, field: value}

    answer = Browser(stack).auth("POST", "/sign-in/email", json=body)

    assert_refused(answer, 400, 401, 403, 422)
