"""Sign-in by a mailed link or code: once, for its owner alone, and known to every service at once."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from stack.authenticator import set_up_app
from stack.inbox import Mail, mail_to, mails_to
from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.users import ban, sign_up
from stack.visitors import ApiClient, Browser, User, new_address

WAYS = ("link", "code")


def _verified(stack: Stack, user: User) -> str:
    user_id = sign_up(Browser(stack), user)
    stack.sql(f"""UPDATE "user" SET "emailVerified" = true WHERE id = {literal(user_id)}""")
    return user_id


def _ask(browser: Browser, email: str) -> None:
    browser.auth("POST", "/sign-in/magic-link", json={"email": email}).raise_for_status()


def _sign_in_mail(stack: Stack, email: str) -> Mail:
    """Other mails tell of what was changed."""
    count = 1
    while not (mail := mail_to(stack, email, count)).subject.startswith("Sign in to"):
        count += 1
    return mail


def _redeem(browser: Browser, user: User, mail: Mail, way: str) -> int:
    return _response(browser, user, mail, way).status_code


def _response(browser: Browser, user: User, mail: Mail, way: str) -> httpx.Response:
    if way == "link":
        return browser.auth("POST", "/magic-link/verify", json={"token": mail.token, "email": user.email})
    return browser.auth("POST", "/sign-in/email-otp", json={"email": user.email, "otp": mail.code})


def _expire(stack: Stack, user_id: str) -> None:
    stack.sql(
        f"UPDATE verification SET \"expiresAt\" = now() - interval '1 second' WHERE value LIKE 'sign-in-%:{user_id}:%'"
    )


@pytest.mark.parametrize("way", WAYS)
def test_it_opens_both_services_and_is_of_no_use_again(stack: Stack, browser: Browser, user: User, way: str) -> None:
    _verified(stack, user)
    _ask(browser, user.email)
    mail = _sign_in_mail(stack, user.email)

    assert _redeem(browser, user, mail, way) == 200
    assert browser.session().json()["user"]["email"] == user.email
    assert browser.me().json()["email"] == user.email

    replay = Browser(stack, cookies={"better-auth.sign_in_browser": browser.cookies["better-auth.sign_in_browser"]})
    assert _redeem(replay, user, mail, "link") == 400
    assert _redeem(replay, user, mail, "code") == 401


@pytest.mark.parametrize("way", WAYS)
def test_of_fifty_that_redeem_one_at_once_one_gets_a_session(
    stack: Stack, browser: Browser, user: User, way: str
) -> None:
    user_id = _verified(stack, user)
    _ask(browser, user.email)
    mail = _sign_in_mail(stack, user.email)
    before = len(stack.sql(f'SELECT 1 FROM session WHERE "userId" = {literal(user_id)}'))

    def redeem(_number: int) -> int:
        return _redeem(browser.copy(), user, mail, way)

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(redeem, range(50)))

    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 401, 429, 503}
    assert len(stack.sql(f'SELECT 1 FROM session WHERE "userId" = {literal(user_id)}')) == before + 1


@pytest.mark.parametrize("way", WAYS)
def test_one_that_is_too_old_opens_nothing(stack: Stack, browser: Browser, user: User, way: str) -> None:
    user_id = _verified(stack, user)
    _ask(browser, user.email)
    mail = _sign_in_mail(stack, user.email)
    _expire(stack, user_id)

    assert_refused(_response(browser, user, mail, way), 400 if way == "link" else 401)
    assert_refused(browser.me(), 401)


def test_a_code_is_tried_five_times_however_many_try_at_once(stack: Stack, browser: Browser, user: User) -> None:
    """The limit for the account is another one: the tries of strangers come from browsers that have no code."""
    _verified(stack, user)
    _ask(browser, user.email)
    mail = _sign_in_mail(stack, user.email)
    wrong = [f"{(int(mail.code) + number) % 10**6:06}" for number in range(1, 6)]

    def guess(code: str) -> int:
        body = {"email": user.email, "otp": code}
        return browser.copy().auth("POST", "/sign-in/email-otp", json=body).status_code

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(guess, wrong)) == {401}

    assert _redeem(browser, user, mail, "code") == 401
    assert _redeem(Browser(stack), user, mail, "link") == 200


def test_a_stranger_neither_guesses_the_code_nor_keeps_its_owner_from_it(
    stack: Stack, browser: Browser, user: User
) -> None:
    _verified(stack, user)
    browser.sign_in(user).raise_for_status()
    browser.sign_out().raise_for_status()
    _ask(browser, user.email)
    mail = _sign_in_mail(stack, user.email)
    statuses = [_redeem(Browser(stack), user, mail, "code") for _ in range(12)]

    assert statuses == [401] * 10 + [429] * 2
    assert _redeem(browser, user, mail, "code") == 200


@pytest.mark.parametrize("way", WAYS)
def test_the_first_one_ends_what_a_stranger_has_made_in_every_cache(stack: Stack, user: User, way: str) -> None:
    stranger = ApiClient(stack)
    sign_up(stranger, user)
    stranger.me().raise_for_status()
    owner = Browser(stack)
    _ask(owner, user.email)

    response = _response(owner, user, _sign_in_mail(stack, user.email), way).raise_for_status()

    assert response.json()["isPasswordGone"] is True
    assert_refused(stranger.me(), 401)
    assert_refused(ApiClient(stack).sign_in(user), 401)
    assert owner.session().json()["user"]["emailVerified"] is True
    owner.me().raise_for_status()


def test_a_session_in_the_cache_is_known_to_be_verified_from_then_on(
    stack: Stack, browser: Browser, user: User
) -> None:
    sign_up(browser, user)
    assert browser.session().json()["user"]["emailVerified"] is False
    browser.me().raise_for_status()
    elsewhere = browser.copy()
    _ask(elsewhere, user.email)
    # It is the owner's: the browser is signed in.
    assert _redeem(elsewhere, user, _sign_in_mail(stack, user.email), "code") == 200

    browser.me().raise_for_status()
    assert browser.session().json()["user"]["emailVerified"] is True
    ApiClient(stack).sign_in(user).raise_for_status()


@pytest.mark.parametrize("way", WAYS)
def test_it_makes_a_session_fresh(stack: Stack, browser: Browser, user: User, way: str) -> None:
    user_id = _verified(stack, user)
    browser.sign_in(user).raise_for_status()
    stack.sql(f"""UPDATE session SET "createdAt" = now() - interval '1 hour' WHERE "userId" = {literal(user_id)}""")
    assert browser.api("DELETE", "/notes").json()["code"] == "SESSION_NOT_FRESH"
    _ask(browser, user.email)
    assert _redeem(browser, user, _sign_in_mail(stack, user.email), way) == 200

    browser.api("DELETE", "/notes").raise_for_status()


@pytest.mark.parametrize("way", WAYS)
def test_a_second_factor_stands_before_the_session(stack: Stack, browser: Browser, user: User, way: str) -> None:
    user_id = sign_up(browser, user)
    app = set_up_app(browser, user)
    stack.sql(f"""UPDATE "user" SET "emailVerified" = true WHERE id = {literal(user_id)}""")
    waiting = Browser(stack)
    _ask(waiting, user.email)
    response = _response(waiting, user, _sign_in_mail(stack, user.email), way)

    assert response.json() == {"twoFactorRedirect": True, "twoFactorMethods": ["totp"]}
    assert "set-auth-token" not in response.headers
    assert_refused(waiting.me(), 401)
    waiting.auth("POST", "/two-factor/verify-totp", json={"code": app.code()}).raise_for_status()
    waiting.me().raise_for_status()


@pytest.mark.parametrize("way", WAYS)
def test_a_banned_user_gets_no_session(stack: Stack, browser: Browser, user: User, way: str) -> None:
    user_id = _verified(stack, user)
    _ask(browser, user.email)
    mail = _sign_in_mail(stack, user.email)
    ban(stack, user_id)

    assert_refused(_response(browser, user, mail, way), 403)
    assert_refused(browser.me(), 401)


def test_an_address_without_an_account_gets_the_same_response_and_no_mail(stack: Stack, user: User) -> None:
    known, unknown = User(), user
    _verified(stack, known)
    responses: list[list[object]] = []
    for person in (known, unknown):
        browser = Browser(stack)
        asked = browser.auth("POST", "/sign-in/magic-link", json={"email": person.email})
        guessed = browser.auth("POST", "/sign-in/email-otp", json={"email": person.email, "otp": "000000"})
        responses.append([(one.status_code, one.json(), list(one.headers)) for one in (asked, guessed)])
        assert browser.cookies.keys() == {"better-auth.sign_in_browser"}

    assert responses[0] == responses[1]
    _sign_in_mail(stack, known.email)
    assert mails_to(stack, unknown.email) == []


@pytest.mark.parametrize("header", ["x-forwarded-host", "x-forwarded-proto", "forwarded", "x-original-url"])
def test_no_header_changes_where_a_link_leads(stack: Stack, browser: Browser, user: User, header: str) -> None:
    _verified(stack, user)
    headers = {header: "host=evil.example", "x-real-ip": new_address()}
    browser.auth("POST", "/sign-in/magic-link", json={"email": user.email}, headers=headers)

    mail = _sign_in_mail(stack, user.email)
    assert mail.link.startswith(f"{stack.frontend_url}/sign-in/link#")
    assert "evil" not in mail.text + mail.html


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%2F/evil.example"],
)
def test_a_link_leads_nowhere_else_even_if_asked_to(stack: Stack, browser: Browser, user: User, address: str) -> None:
    _verified(stack, user)
    body = {"email": user.email, "callbackURL": address}

    assert_refused(browser.auth("POST", "/sign-in/magic-link", json=body), 403)
    assert mails_to(stack, user.email) == []


def test_a_link_of_a_deleted_user_opens_nothing(stack: Stack, browser: Browser, user: User) -> None:
    user_id = _verified(stack, user)
    _ask(browser, user.email)
    mail = _sign_in_mail(stack, user.email)
    stack.sql(f'DELETE FROM "user" WHERE id = {literal(user_id)}')

    assert_refused(_response(browser, user, mail, "link"), 400)
    assert_refused(_response(browser, user, mail, "code"), 401)
