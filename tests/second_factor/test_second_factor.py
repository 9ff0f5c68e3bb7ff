"""A second factor stands before every session, and services see at once what changes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from stack.authenticator import set_up_app
from stack.refusal import assert_refused
from stack.target import Stack
from stack.users import sign_in_elsewhere, sign_up
from stack.visitors import ApiClient, Browser, User


def test_turning_it_on_ends_the_other_sessions_in_every_cache(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    elsewhere = sign_in_elsewhere(stack, user)
    browser.me().raise_for_status()

    set_up_app(browser, user)

    assert_refused(elsewhere.me(), 401)
    browser.me().raise_for_status()


def test_turning_it_off_ends_the_other_sessions_in_every_cache(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    app = set_up_app(browser, user)
    other = Browser(stack)
    other.sign_in(user).raise_for_status()
    other.auth("POST", "/two-factor/verify-totp", json={"code": app.code()}).raise_for_status()
    other.me().raise_for_status()

    body = {"password": user.password, "code": app.code(1)}
    browser.auth("POST", "/two-factor/disable", json=body).raise_for_status()

    assert_refused(other.me(), 401)
    browser.me().raise_for_status()


def test_a_sign_in_that_waits_for_the_code_opens_nothing_while_checks_race_it(
    stack: Stack, browser: Browser, user: User
) -> None:
    sign_up(browser, user)
    app = set_up_app(browser, user)
    waiting = Browser(stack)
    response = waiting.sign_in(user)

    assert response.json() == {"twoFactorRedirect": True, "twoFactorMethods": ["totp"]}
    assert "set-auth-token" not in response.headers
    # Whatever it got is no credential, in any form.
    token = waiting.cookies["better-auth.two_factor"]
    as_session = Browser(stack, cookies={"better-auth.session_token": token})
    as_bearer = ApiClient(stack, token=token)
    with ThreadPoolExecutor(8) as pool:
        verified = pool.submit(waiting.auth, "POST", "/two-factor/verify-totp", json={"code": app.code()})
        for visitor in (as_session, as_bearer):
            for check in [pool.submit(ask) for ask in (visitor.me, visitor.session) * 4]:
                assert_refused(check.result(), 401)
        verified.result().raise_for_status()
    waiting.me().raise_for_status()


@pytest.mark.parametrize("path", ["/get-session", "/session", "/list-sessions", "/two-factor/state", "/list-accounts"])
def test_a_sign_in_that_waits_for_the_code_reads_nothing(stack: Stack, browser: Browser, user: User, path: str) -> None:
    sign_up(browser, user)
    set_up_app(browser, user)
    waiting = Browser(stack)
    waiting.sign_in(user)
    response = waiting.auth("GET", path)

    assert (response.status_code, response.text) == (200, "null") or response.status_code == 401


def test_a_program_signs_in_with_a_code_too(stack: Stack, browser: Browser, user: User) -> None:
    """It keeps the cookie of the sign-in for the next call."""
    sign_up(browser, user)
    app = set_up_app(browser, user)
    program = Browser(stack)
    program.sign_in(user).raise_for_status()
    verified = program.auth("POST", "/two-factor/verify-totp", json={"code": app.code()}).raise_for_status()

    ApiClient(stack, token=verified.json()["token"]).me().raise_for_status()


def test_the_features_say_that_there_is_one(browser: Browser) -> None:
    assert browser.auth("GET", "/features").json()["twoFactor"] is True
