"""An auth server that requires verified addresses: sign-up shows nobody who has an account."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from stack.inbox import mail_to, mails_to
from stack.processes import Command
from stack.refusal import assert_refused
from stack.replica import auth_server
from stack.target import Stack
from stack.users import sign_up
from stack.visitors import Browser, User, Visitor

pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module")
def strict(stack: Stack, built_auth_server: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {
        "SMTP_URL": stack.smtp_url,
        "MAIL_FROM": "no-reply@example.com",
        "REQUIRE_EMAIL_VERIFICATION": "true",
    }
    replica, internal_url = auth_server(stack, built_auth_server, tmp_path_factory.mktemp("strict") / "log", **settings)
    replica.start()
    try:
        yield replace(stack, auth_url=replica.url, auth_internal_url=internal_url)
    finally:
        replica.stop()


def _confirm(visitor: Visitor, user: User, count: int = 1) -> None:
    token = mail_to(visitor.stack, user.email, count).token
    body = {"token": token, "password": user.password}
    visitor.auth("POST", "/verify-email/confirm", json=body).raise_for_status()


def test_an_account_is_known_to_both_services_when_its_address_is_verified(strict: Stack, user: User) -> None:
    browser = Browser(strict)
    browser.sign_up(user).raise_for_status()
    assert browser.cookies == {}
    refused = browser.sign_in(user)
    assert_refused(refused, 403)
    assert refused.json()["code"] == "EMAIL_NOT_VERIFIED"

    _confirm(browser, user)

    assert browser.session().json()["user"]["emailVerified"] is True
    assert browser.me().json()["email"] == user.email


def test_a_sign_up_with_an_address_that_is_taken_is_told_from_none(strict: Stack, user: User) -> None:
    sign_up(Browser(strict), user)
    _confirm(Browser(strict), user)
    taken, free = (Browser(strict).sign_up(User(email)) for email in (user.email, User().email))

    assert taken.status_code == free.status_code == 200
    assert list(taken.json()["user"]) == list(free.json()["user"])
    assert taken.headers.keys() == free.headers.keys()
    assert mail_to(strict, user.email, 2).subject == "You already have an account"


def test_the_password_of_who_signed_up_with_the_address_of_somebody_else_opens_nothing(
    strict: Stack, user: User
) -> None:
    attacker = Browser(strict)
    attacker.sign_up(user).raise_for_status()
    token = mail_to(strict, user.email).token
    owner = Browser(strict)
    for guess in ({}, {"password": "what the owner guesses"}):
        assert_refused(owner.auth("POST", "/verify-email/confirm", json={"token": token, **guess}), 401)
    owner.auth("POST", "/request-password-reset", json={"email": user.email}).raise_for_status()
    reset = {"token": mail_to(strict, user.email, 2).token, "newPassword": "the password of the owner"}
    owner.auth("POST", "/reset-password", json=reset).raise_for_status()

    assert_refused(attacker.sign_in(user), 401)
    assert_refused(
        attacker.auth("POST", "/verify-email/confirm", json={"token": token, "password": user.password}), 400
    )
    owner.sign_in(User(user.email, "the password of the owner")).raise_for_status()
    assert len(mails_to(strict, user.email)) >= 2
