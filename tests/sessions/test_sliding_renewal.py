"""A session that is used lives on; one that was not to be remembered ends when it was to end."""

import httpx
import pytest

from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.visitors import SESSION_COOKIE, Browser, Person, Visitor

LEFT_SECONDS = 'extract(epoch FROM "expiresAt" - now())::int AS left_seconds'
DAY = 24 * 3600


def _user(visitor: Visitor) -> str:
    return literal(visitor.session().json()["user"]["id"])


def _set_expiry(stack: Stack, user: str, interval: str) -> None:
    stack.sql(f"""UPDATE session SET "expiresAt" = now() + interval '{interval}' WHERE "userId" = {user}""")


def _left_seconds(stack: Stack, user: str) -> int:
    (row,) = stack.sql(f'SELECT {LEFT_SECONDS} FROM session WHERE "userId" = {user}')
    return row["left_seconds"]


def _renewed(answer: httpx.Response) -> list[str]:
    return [line for line in answer.headers.get_list("set-cookie") if line.startswith(SESSION_COOKIE)]


def test_using_only_the_backend_keeps_a_browser_signed_in(stack: Stack, browser: Browser, person: Person) -> None:
    browser.sign_up(person).raise_for_status()
    user = _user(browser)
    _set_expiry(stack, user, "5 days")
    before = browser.cookie

    answer = browser.me()

    (line,) = _renewed(answer)
    assert "max-age=604800" in line.lower()
    assert "httponly" in line.lower()
    assert browser.cookie == before
    assert _left_seconds(stack, user) > 7 * DAY - 60
    assert _renewed(browser.me()) == []


def test_using_only_the_auth_servers_session_route_keeps_a_browser_signed_in(
    stack: Stack, browser: Browser, person: Person
) -> None:
    browser.sign_up(person).raise_for_status()
    user = _user(browser)
    _set_expiry(stack, user, "5 days")

    assert len(_renewed(browser.session())) == 1
    assert _left_seconds(stack, user) > 7 * DAY - 60


def test_a_bearers_session_is_extended_without_a_cookie(stack: Stack, client: Visitor, person: Person) -> None:
    client.sign_up(person).raise_for_status()
    user = _user(client)
    _set_expiry(stack, user, "5 days")

    answer = client.me()

    assert "set-cookie" not in answer.headers
    assert _left_seconds(stack, user) > 7 * DAY - 60


def test_a_fresh_session_is_not_written_on_every_request(stack: Stack, visitor: Visitor, person: Person) -> None:
    visitor.sign_up(person).raise_for_status()
    row = f'SELECT "updatedAt", "expiresAt" FROM session WHERE "userId" = {_user(visitor)}'
    before = stack.sql(row)

    assert _renewed(visitor.me()) == []

    assert stack.sql(row) == before


def test_a_session_that_is_not_to_be_remembered_is_never_extended(
    stack: Stack, browser: Browser, person: Person
) -> None:
    Browser(stack).sign_up(person).raise_for_status()
    stack.sql(f'DELETE FROM session WHERE "userId" = (SELECT id FROM "user" WHERE email = {literal(person.email)})')
    browser.sign_in(person, rememberMe=False).raise_for_status()
    user = _user(browser)
    _set_expiry(stack, user, "1 hour")

    for answer in (browser.me(), browser.session(), browser.auth("GET", "/get-session")):
        assert answer.status_code == 200
        assert _renewed(answer) == []

    assert _left_seconds(stack, user) <= 3600


@pytest.mark.parametrize("ago", ["1 second", "8 days"])
def test_an_expired_session_is_refused_by_both_services(
    stack: Stack, visitor: Visitor, person: Person, ago: str
) -> None:
    visitor.sign_up(person).raise_for_status()
    _set_expiry(stack, _user(visitor), f"-{ago}")

    for answer in (visitor.me(), visitor.session()):
        assert_refused(answer, 401)
        assert answer.json()["code"] == "SESSION_EXPIRED"
