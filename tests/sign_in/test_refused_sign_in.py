"""What a sign-in or sign-up is refused for, and what the refusal must not tell."""

import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Browser, Person


def test_a_wrong_password_is_refused_and_signs_nobody_in(stack: Stack, browser: Browser, person: Person) -> None:
    Browser(stack).sign_up(person).raise_for_status()

    answer = browser.auth("POST", "/sign-in/email", json={"email": person.email, "password": "not the password"})

    assert_refused(answer, 401)
    assert answer.json()["code"] == "INVALID_EMAIL_OR_PASSWORD"
    assert "set-cookie" not in answer.headers
    assert "set-auth-token" not in answer.headers


def test_known_and_unknown_addresses_read_the_same_on_sign_in(stack: Stack, person: Person) -> None:
    Browser(stack).sign_up(person).raise_for_status()
    known, unknown = (
        ApiClient(stack).auth("POST", "/sign-in/email", json={"email": email, "password": "not the password"})
        for email in (person.email, Person().email)
    )

    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    changing = {"date", "x-request-id"}
    assert [h for h in known.headers.items() if h[0] not in changing] == [
        h for h in unknown.headers.items() if h[0] not in changing
    ]


def test_an_email_address_is_taken_once(stack: Stack, browser: Browser, person: Person) -> None:
    Browser(stack).sign_up(person).raise_for_status()

    answer = browser.sign_up(Person(email=person.email.upper()))

    assert_refused(answer, 422)
    assert answer.json()["code"] == "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"


@pytest.mark.parametrize(
    ("password", "code"),
    [("", "PASSWORD_TOO_SHORT"), ("7 chars", "PASSWORD_TOO_SHORT"), ("x" * 129, "PASSWORD_TOO_LONG")],
    ids=["empty", "7 characters", "129 characters"],
)
def test_a_password_outside_8_to_128_characters_is_refused(browser: Browser, password: str, code: str) -> None:
    answer = browser.sign_up(Person(password=password))

    assert_refused(answer, 400)
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    "password", ["8 chars!", "x" * 128, "🦊🦊🦊🦊🦊🦊🦊🦊", " spaces around ", "пароль-пароль"], ids=repr
)
def test_any_password_of_8_to_128_characters_signs_in_again(stack: Stack, password: str) -> None:
    person = Person(password=password)
    Browser(stack).sign_up(person).raise_for_status()

    assert ApiClient(stack).sign_in(person).status_code == 200


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
    assert_refused(browser.sign_up(Person(email=email)), 400, 422)


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
    browser: Browser, person: Person, path: str, extra: dict[str, object]
) -> None:
    body: dict[str, object] = {"email": person.email, "password": person.password, "name": person.name, **extra}
    if path == "/update-user":
        browser.sign_up(person).raise_for_status()
        body = {"name": person.name, **extra}

    answer = browser.auth("POST", path, json=body)

    if answer.status_code != 200:
        assert_refused(answer)
        return
    user = browser.session().json()["user"]
    assert (user["role"], user["emailVerified"]) == ("user", False)
    assert user["id"] != "chosen"
    assert not user["createdAt"].startswith("2001")
    assert browser.me().status_code == 200
