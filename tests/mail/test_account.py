"""What a mailed link changes of an account: its address, and its end, in both services."""

from stack.inbox import mail_to, mails_to
from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.users import sign_up
from stack.visitors import Browser, User, Visitor


def _verify(visitor: Visitor, user: User) -> None:
    visitor.auth("POST", "/send-verification-email", json={"email": user.email}).raise_for_status()
    token = mail_to(visitor.stack, user.email).token
    visitor.auth("POST", "/verify-email/confirm", json={"token": token}).raise_for_status()


def test_a_new_address_counts_in_both_services_when_both_have_confirmed_it(
    stack: Stack, visitor: Visitor, user: User
) -> None:
    sign_up(visitor, user)
    _verify(visitor, user)
    visitor.me().raise_for_status()
    new = User().email
    visitor.auth("POST", "/change-email", json={"newEmail": new}).raise_for_status()
    for address, count in ((user.email, 2), (new, 1)):
        token = mail_to(stack, address, count).token
        Browser(stack).auth("POST", "/change-email/confirm", json={"token": token}).raise_for_status()
        assert_refused(Browser(stack).auth("POST", "/change-email/confirm", json={"token": token}), 400)

    assert visitor.session().json()["user"]["email"] == new
    assert visitor.me().json()["email"] == new
    assert new in mail_to(stack, user.email, 3).text


def test_a_deleted_account_is_gone_in_both_services(stack: Stack, browser: Browser, user: User) -> None:
    user_id = sign_up(browser, user)
    browser.me().raise_for_status()
    thief = browser.copy()
    thief.me().raise_for_status()
    browser.auth("POST", "/delete-user", json={"password": user.password}).raise_for_status()
    token = mail_to(stack, user.email).token
    assert_refused(Browser(stack).auth("POST", "/delete-user", json={"token": token}), 401)

    browser.auth("POST", "/delete-user", json={"token": token}).raise_for_status()

    assert thief.me().status_code == 401
    assert stack.sql(f"SELECT 1 FROM app_users WHERE user_id = {literal(user_id)}") == []
    assert mail_to(stack, user.email, 2).subject == "Your account was deleted"


def test_the_same_address_is_a_new_account_after_a_deletion(stack: Stack, browser: Browser, user: User) -> None:
    before = sign_up(browser, user)
    browser.auth("POST", "/delete-user", json={}).raise_for_status()
    body = {"token": mail_to(stack, user.email).token}
    browser.auth("POST", "/delete-user", json=body).raise_for_status()

    assert sign_up(Browser(stack), user) != before


def test_a_password_that_was_changed_ends_the_links_from_before(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    Browser(stack).auth("POST", "/request-password-reset", json={"email": user.email}).raise_for_status()
    token = mail_to(stack, user.email).token
    change = {"currentPassword": user.password, "newPassword": "a password that is new"}
    browser.auth("POST", "/change-password", json=change).raise_for_status()

    body = {"token": token, "newPassword": "the password of a thief"}
    assert_refused(Browser(stack).auth("POST", "/reset-password", json=body), 400)


def test_a_mail_is_in_the_language_of_the_page(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    browser.auth(
        "POST", "/request-password-reset", json={"email": user.email}, headers={"accept-language": "de"}
    ).raise_for_status()

    assert mail_to(stack, user.email).subject == "Wählen Sie ein neues Passwort"
    assert len(mails_to(stack, user.email)) == 1
