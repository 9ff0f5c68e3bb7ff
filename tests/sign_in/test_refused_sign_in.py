"""What a sign-in or sign-up is refused for, and what the refusal must not tell."""

import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User


def test_a_wrong_password_is_refused_and_signs_nobody_in(stack: Stack, browser: Browser, user: User) -> None:
    Browser(stack).sign_up(user).raise_for_status()

    response = browser.auth("POST", "/sign-in/email", json={"email": user.email, "password": "not the password"})

    assert_refused(response, 401)
    assert response.json()["code"] == "INVALID_EMAIL_OR_PASSWORD"
    assert "set-cookie" not in response.headers
    assert "set-auth-token" not in response.headers


def test_known_and_unknown_addresses_read_the_same_on_sign_in(stack: Stack, user: User) -> None:
    Browser(stack).sign_up(user).raise_for_status()
    known, unknown = (
        ApiClient(stack).auth("POST", "/sign-in/email", json={"email": email, "password": "not the password"})
        for email in (user.email, User().email)
    )

    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    changing = {"date", "x-request-id"}
    assert [h for h in known.headers.items() if h[0] not in changing] == [
        h for h in unknown.headers.items() if h[0] not in changing
    ]


def test_an_email_address_is_taken_once(stack: Stack, browser: Browser, user: User) -> None:
    Browser(stack).sign_up(user).raise_for_status()

    response = browser.sign_up(User(email=user.email.upper()))

    assert_refused(response, 422)
    assert response.json()["code"] == "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"


@pytest.mark.parametrize(
    ("password", "code"),
    [("", "PASSWORD_TOO_SHORT"), ("7 chars", "PASSWORD_TOO_SHORT"), ("x" * 129, "PASSWORD_TOO_LONG")],
    ids=["empty", "7 characters", "129 characters"],
)
def test_a_password_outside_8_to_128_characters_is_refused(browser: Browser, password: str, code: str) -> None:
    response = browser.sign_up(User(password=password))

    assert_refused(response, 400)
    assert response.json()["code"] == code


@pytest.mark.parametrize(
    "password", ["8 chars!", "x" * 128, "🦊🦊🦊🦊🦊🦊🦊🦊", " spaces around ", "пароль-пароль"], ids=repr
)
def test_any_password_of_8_to_128_characters_signs_in_again(stack: Stack, password: str) -> None:
    user = User(password=password)
    Browser(stack).sign_up(user).raise_for_status()

    assert ApiClient(stack).sign_in(user).status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "nobody",
        "a@b",
        "@example.com",
        "a b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "a\0@example.com",
        "a@exa\u200bmple.com",
        "x" * 330 + "@example.com",
    ],
    ids=repr,
)
def test_what_is_no_email_address_is_refused(browser: Browser, email: str) -> None:
    assert_refused(browser.sign_up(User(email=email)), 400, 422)


@pytest.mark.parametrize(
    "extra",
    [
        {"role": "admin"},
        {"emailVerified": True},
        {"banned": True},
        {"banExpires": "2001-01-01T00:00:00Z"},
        {"id": "chosen"},
        {"userId": "chosen"},
        {"createdAt": "2001-01-01T00:00:00Z"},
    ],
    ids=lambda extra: next(iter(extra)),
)
@pytest.mark.parametrize("path", ["/sign-up/email", "/update-user"])
def test_nobody_makes_themselves_more_than_they_are(
    browser: Browser, user: User, path: str, extra: dict[str, object]
) -> None:
    body: dict[str, object] = {"email": user.email, "password": user.password, "name": user.name, **extra}
    if path == "/update-user":
        browser.sign_up(user).raise_for_status()
        body = {"name": user.name, **extra}

    response = browser.auth("POST", path, json=body)

    if response.status_code != 200:
        assert_refused(response)
        return
    seen = browser.session().json()["user"]
    assert (seen["role"], seen["emailVerified"]) == ("user", False)
    assert seen["id"] != "chosen"
    assert not seen["createdAt"].startswith("2001")
    assert browser.me().status_code == 200
