"""What ends a session ends it at once, on both services; and nobody ends someone else's."""

from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.users import add_reset_token, add_sessions, ban, delete_sessions, sign_in_elsewhere, sign_up
from stack.visitors import ApiClient, Browser, User, Visitor

NEW_PASSWORD = "another good password"


def _assert_ended(visitor: Visitor) -> None:
    assert_refused(visitor.session(), 401)
    assert_refused(visitor.me(), 401)


def test_a_password_change_that_revokes_ends_all_other_sessions(stack: Stack, browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    elsewhere = sign_in_elsewhere(stack, user)

    change = {"currentPassword": user.password, "newPassword": NEW_PASSWORD, "revokeOtherSessions": True}
    browser.auth("POST", "/change-password", json=change).raise_for_status()

    _assert_ended(elsewhere)
    assert browser.me().status_code == 200
    assert_refused(ApiClient(stack).sign_in(user), 401)
    assert ApiClient(stack).sign_in(User(email=user.email, password=NEW_PASSWORD)).status_code == 200


def test_a_password_change_with_the_wrong_password_changes_nothing(stack: Stack, browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()

    change = {"currentPassword": "not the password", "newPassword": NEW_PASSWORD}
    assert_refused(browser.auth("POST", "/change-password", json=change))

    assert ApiClient(stack).sign_in(user).status_code == 200


def test_a_password_reset_ends_every_session_and_works_once(stack: Stack, browser: Browser, user: User) -> None:
    user_id = sign_up(browser, user)
    token = add_reset_token(stack, user_id)
    reset = {"newPassword": NEW_PASSWORD, "token": token}

    ApiClient(stack).auth("POST", "/reset-password", json=reset).raise_for_status()

    _assert_ended(browser)
    assert_refused(ApiClient(stack).auth("POST", "/reset-password", json=reset), 400)
    assert ApiClient(stack).sign_in(User(email=user.email, password=NEW_PASSWORD)).status_code == 200


def test_revoking_the_other_sessions_leaves_only_this_one(stack: Stack, browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    elsewhere = sign_in_elsewhere(stack, user)

    browser.auth("POST", "/revoke-other-sessions", json={}).raise_for_status()

    _assert_ended(elsewhere)
    assert browser.me().status_code == 200


def test_more_sessions_than_a_page_holds_are_all_revoked(stack: Stack, browser: Browser, user: User) -> None:
    user_id = sign_up(browser, user)
    add_sessions(stack, user_id, 250)

    browser.auth("POST", "/revoke-other-sessions", json={}).raise_for_status()

    assert stack.sql(f'SELECT count(*)::int AS n FROM session WHERE "userId" = {literal(user_id)}') == [{"n": 1}]


def test_a_session_deleted_in_sql_is_refused(stack: Stack, visitor: Visitor, user: User) -> None:
    user_id = sign_up(visitor, user)
    visitor.me().raise_for_status()

    delete_sessions(stack, user_id)

    stack.settle()
    _assert_ended(visitor)


def test_someone_banned_in_sql_is_refused_until_the_ban_ends(stack: Stack, visitor: Visitor, user: User) -> None:
    user_id = sign_up(visitor, user)
    visitor.me().raise_for_status()

    ban(stack, user_id)
    stack.settle()
    for response in (visitor.session(), visitor.me()):
        assert_refused(response, 401)
        assert response.json()["code"] == "BANNED_USER"
    assert_refused(ApiClient(stack).sign_in(user), 401, 403)

    stack.sql(f"""UPDATE "user" SET "banExpires" = now() - interval '1 second' WHERE id = {literal(user_id)}""")
    assert visitor.me().status_code == 200


def test_someone_elses_session_cannot_be_revoked_or_listed(stack: Stack, browser: Browser, user: User) -> None:
    victim = ApiClient(stack)
    victim.sign_up(User()).raise_for_status()
    browser.sign_up(user).raise_for_status()

    for token in (victim.token, victim.token.partition(".")[0]):
        browser.auth("POST", "/revoke-session", json={"token": token})
    for path in ("/revoke-sessions", "/revoke-other-sessions"):
        body = {"userId": victim.session().json()["user"]["id"]}
        Browser(stack, cookies=browser.cookies).auth("POST", path, json=body)

    assert victim.me().status_code == 200
    listed = browser.auth("GET", "/list-sessions").text
    assert victim.token.partition(".")[0] not in listed


def test_administration_is_closed_to_everyone_else(stack: Stack, browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    victim = ApiClient(stack)
    user_id = sign_up(victim)

    for act in ("ban-user", "remove-user", "impersonate-user", "revoke-user-sessions", "set-role", "set-user-password"):
        body = {"userId": user_id, "role": "admin", "newPassword": NEW_PASSWORD}
        assert_refused(browser.auth("POST", f"/admin/{act}", json=body), 401, 403, 404)
    assert_refused(browser.auth("GET", "/admin/list-users"), 401, 403, 404)

    assert victim.me().status_code == 200
