"""A session that is used is refreshed; one that is not to be remembered ends when its time is up."""

import httpx
import pytest

from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.users import delete_sessions, set_expiry, sign_up
from stack.visitors import SESSION_COOKIE, Browser, User, Visitor

LEFT_SECONDS = 'extract(epoch FROM "expiresAt" - now())::int AS left_seconds'
DAY = 24 * 3600


def _left_seconds(stack: Stack, user_id: str) -> int:
    (row,) = stack.sql(f'SELECT {LEFT_SECONDS} FROM session WHERE "userId" = {literal(user_id)}')
    return row["left_seconds"]


def _renewed(response: httpx.Response) -> list[str]:
    return [line for line in response.headers.get_list("set-cookie") if line.startswith(SESSION_COOKIE)]


def test_using_only_the_backend_keeps_a_browser_signed_in(stack: Stack, browser: Browser, user: User) -> None:
    user_id = sign_up(browser, user)
    set_expiry(stack, user_id, "5 days")
    before = browser.cookie

    response = browser.me()

    (line,) = _renewed(response)
    assert "max-age=604800" in line.lower()
    assert "httponly" in line.lower()
    assert browser.cookie == before
    assert _left_seconds(stack, user_id) > 7 * DAY - 60
    assert _renewed(browser.me()) == []


def test_using_only_the_auth_servers_session_route_keeps_a_browser_signed_in(
    stack: Stack, browser: Browser, user: User
) -> None:
    user_id = sign_up(browser, user)
    set_expiry(stack, user_id, "5 days")

    assert len(_renewed(browser.session())) == 1
    assert _left_seconds(stack, user_id) > 7 * DAY - 60


def test_a_bearers_session_is_refreshed_without_a_cookie(stack: Stack, client: Visitor, user: User) -> None:
    user_id = sign_up(client, user)
    set_expiry(stack, user_id, "5 days")

    response = client.me()

    assert "set-cookie" not in response.headers
    assert _left_seconds(stack, user_id) > 7 * DAY - 60


def test_a_fresh_session_is_not_written_on_every_request(stack: Stack, visitor: Visitor, user: User) -> None:
    user_id = sign_up(visitor, user)
    row = f'SELECT "updatedAt", "expiresAt" FROM session WHERE "userId" = {literal(user_id)}'
    before = stack.sql(row)

    assert _renewed(visitor.me()) == []

    assert stack.sql(row) == before


def test_a_session_that_is_not_to_be_remembered_is_never_refreshed(stack: Stack, browser: Browser, user: User) -> None:
    user_id = sign_up(Browser(stack), user)
    delete_sessions(stack, user_id)
    browser.sign_in(user, rememberMe=False).raise_for_status()
    set_expiry(stack, user_id, "1 hour")

    for response in (browser.me(), browser.session(), browser.auth("GET", "/get-session")):
        assert response.status_code == 200
        assert _renewed(response) == []

    assert _left_seconds(stack, user_id) <= 3600


@pytest.mark.parametrize("ago", ["1 second", "8 days"])
def test_an_expired_session_is_refused_by_both_services(stack: Stack, visitor: Visitor, user: User, ago: str) -> None:
    set_expiry(stack, sign_up(visitor, user), f"-{ago}")

    for response in (visitor.me(), visitor.session()):
        assert_refused(response, 401)
        assert response.json()["code"] == "SESSION_EXPIRED"
