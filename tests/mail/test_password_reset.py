"""A forgotten password: the mail, its link, and what it ends."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from stack.inbox import mail_to, mails_to
from stack.refusal import assert_refused
from stack.target import Stack
from stack.users import sign_in_elsewhere, sign_up
from stack.visitors import Browser, User, Visitor, new_address

NEW_PASSWORD = "a password that is new"


def _ask(stack: Stack, email: str) -> None:
    Browser(stack).auth("POST", "/request-password-reset", json={"email": email}).raise_for_status()


def test_a_reset_ends_every_session_in_the_cache_too(stack: Stack, visitor: Visitor, user: User) -> None:
    sign_up(visitor, user)
    elsewhere = sign_in_elsewhere(stack, user)
    visitor.me().raise_for_status()
    _ask(stack, user.email)
    body = {"token": mail_to(stack, user.email).token, "newPassword": NEW_PASSWORD}

    Browser(stack).auth("POST", "/reset-password", json=body).raise_for_status()

    assert [visitor.me().status_code, elsewhere.me().status_code] == [401, 401]
    assert Browser(stack).sign_in(user).status_code == 401
    Browser(stack).sign_in(User(user.email, NEW_PASSWORD)).raise_for_status()
    assert mail_to(stack, user.email, 2).subject == "Your password was changed"


def test_of_fifty_that_redeem_one_link_one_does(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    _ask(stack, user.email)
    token = mail_to(stack, user.email).token

    def redeem(number: int) -> int:
        body = {"token": token, "newPassword": f"the password {number}"}
        return Browser(stack).auth("POST", "/reset-password", json=body).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(redeem, range(50)))

    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 503}


def test_an_address_without_an_account_gets_the_same_response_and_no_mail(stack: Stack, user: User) -> None:
    known, unknown = User(), user
    sign_up(Browser(stack), known)
    responses = [
        Browser(stack).auth("POST", "/request-password-reset", json={"email": person.email})
        for person in (known, unknown)
    ]

    assert responses[0].json() == responses[1].json()
    mail_to(stack, known.email)
    assert mails_to(stack, unknown.email) == []


@pytest.mark.parametrize(
    "header",
    ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded", "x-original-url", "x-rewrite-url"],
)
def test_no_header_changes_where_a_link_leads(stack: Stack, browser: Browser, user: User, header: str) -> None:
    sign_up(browser, user)
    browser.auth(
        "POST",
        "/request-password-reset",
        json={"email": user.email},
        headers={header: "host=evil.example", "x-real-ip": new_address()},
    ).raise_for_status()

    mail = mail_to(stack, user.email)
    assert mail.link.startswith(f"{stack.frontend_url}/reset-password#")
    assert "evil" not in mail.text + mail.html


def test_a_link_leads_nowhere_else_even_if_asked_to(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    body = {"email": user.email, "redirectTo": "https://evil.example/"}

    assert_refused(browser.auth("POST", "/request-password-reset", json=body), 403)
    assert mails_to(stack, user.email) == []


@pytest.mark.usefixtures("recovered_afterwards")
def test_a_mail_server_that_is_away_loses_nothing(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    stack.stop("mail")
    try:
        _ask(stack, user.email)
    finally:
        stack.start("mail")

    assert mail_to(stack, user.email, within_seconds=90).subject == "Choose a new password"
