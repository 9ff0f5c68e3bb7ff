"""The owner of an account hears of sign-ins in new browsers, and of changes to how one signs in."""

from stack.authenticator import set_up_app
from stack.inbox import mail_to, mails_to
from stack.target import Stack
from stack.users import sign_up
from stack.visitors import Browser, User
from stack.waiting import eventually


def test_a_sign_in_in_a_new_browser_is_told_once_for_each_browser(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    Browser(stack).sign_in(user).raise_for_status()  # what the sign-up ends with
    other = Browser(stack)
    other.sign_in(user).raise_for_status()
    mail = mail_to(stack, user.email)
    assert mail.subject == "New sign-in to your account"
    assert "/account#devices" in mail.text
    assert "/account#devices" in mail.html

    other.auth("POST", "/sign-out").raise_for_status()
    other.sign_in(user).raise_for_status()

    set_up_app(other, user)  # its mail comes after those of the sign-ins
    assert mail_to(stack, user.email, 2).subject == "Two-factor authentication is on"
    assert len(mails_to(stack, user.email)) == 2


def test_who_loses_the_app_is_told_of_each_step(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    set_up_app(browser, user)
    codes = browser.auth("POST", "/two-factor/generate-backup-codes", json={"password": user.password}).json()
    body = {"password": user.password, "code": codes["backupCodes"][0]}
    browser.auth("POST", "/two-factor/disable", json=body).raise_for_status()

    subjects = {
        "Two-factor authentication is on",
        "New backup codes were created",
        "A backup code was used",
        "Two-factor authentication is off",
    }
    eventually(lambda: {mail.subject for mail in mails_to(stack, user.email)} == subjects, 60)
    types = [event["type"] for event in browser.auth("GET", "/activity").json()["events"]]
    for type_ in ("second-factor-enabled", "backup-codes-created", "backup-code-used", "second-factor-disabled"):
        assert type_ in types
