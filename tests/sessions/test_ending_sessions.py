"""What ends a session ends it at once, on both services; and nobody ends someone else's."""

import hashlib
from base64 import urlsafe_b64encode

from stack.leases import outlast_leases
from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.visitors import ApiClient, Browser, Person, Visitor

NEW_PASSWORD = "another good password"


def _signed_in_elsewhere(stack: Stack, person: Person) -> ApiClient:
    elsewhere = ApiClient(stack)
    elsewhere.sign_in(person).raise_for_status()
    elsewhere.me().raise_for_status()
    return elsewhere


def _assert_ended(visitor: Visitor) -> None:
    assert_refused(visitor.session(), 401)
    assert_refused(visitor.me(), 401)


def test_a_password_change_that_revokes_ends_all_other_sessions(stack: Stack, browser: Browser, person: Person) -> None:
    browser.sign_up(person).raise_for_status()
    elsewhere = _signed_in_elsewhere(stack, person)

    change = {"currentPassword": person.password, "newPassword": NEW_PASSWORD, "revokeOtherSessions": True}
    browser.auth("POST", "/change-password", json=change).raise_for_status()

    _assert_ended(elsewhere)
    assert browser.me().status_code == 200
    assert_refused(ApiClient(stack).sign_in(person), 401)
    assert ApiClient(stack).sign_in(Person(email=person.email, password=NEW_PASSWORD)).status_code == 200


def test_a_password_change_with_the_wrong_password_changes_nothing(
    stack: Stack, browser: Browser, person: Person
) -> None:
    browser.sign_up(person).raise_for_status()

    change = {"currentPassword": "not the password", "newPassword": NEW_PASSWORD}
    assert_refused(browser.auth("POST", "/change-password", json=change))

    assert ApiClient(stack).sign_in(person).status_code == 200


def test_a_password_reset_ends_every_session_and_works_once(stack: Stack, browser: Browser, person: Person) -> None:
    user = browser.sign_up(person).json()["user"]["id"]
    token = "a-reset-token-for-" + user
    hashed = urlsafe_b64encode(hashlib.sha256(f"reset-password:{token}".encode()).digest()).decode().rstrip("=")
    stack.sql(
        'INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt") '
        f"VALUES (gen_random_uuid()::text, {literal(hashed)}, {literal(user)}, now() + interval '1 hour', now(), now())"
    )
    reset = {"newPassword": NEW_PASSWORD, "token": token}

    ApiClient(stack).auth("POST", "/reset-password", json=reset).raise_for_status()

    _assert_ended(browser)
    assert_refused(ApiClient(stack).auth("POST", "/reset-password", json=reset), 400)
    assert ApiClient(stack).sign_in(Person(email=person.email, password=NEW_PASSWORD)).status_code == 200


def test_revoking_the_other_sessions_leaves_only_this_one(stack: Stack, browser: Browser, person: Person) -> None:
    browser.sign_up(person).raise_for_status()
    elsewhere = _signed_in_elsewhere(stack, person)

    browser.auth("POST", "/revoke-other-sessions", json={}).raise_for_status()

    _assert_ended(elsewhere)
    assert browser.me().status_code == 200


def test_more_sessions_than_a_page_holds_are_all_revoked(stack: Stack, browser: Browser, person: Person) -> None:
    user = browser.sign_up(person).json()["user"]["id"]
    stack.sql(
        'INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") '
        f"SELECT 'many-' || n || {literal(user)}, 'many-' || n || {literal(user)}, {literal(user)}, "
        "now() + interval '1 day', now(), now() FROM generate_series(1, 250) AS n"
    )

    browser.auth("POST", "/revoke-other-sessions", json={}).raise_for_status()

    assert stack.sql(f'SELECT count(*)::int AS n FROM session WHERE "userId" = {literal(user)}') == [{"n": 1}]


def test_a_session_deleted_in_sql_is_refused(stack: Stack, visitor: Visitor, person: Person) -> None:
    user = visitor.sign_up(person).json()["user"]["id"]
    visitor.me().raise_for_status()

    stack.sql(f'DELETE FROM session WHERE "userId" = {literal(user)}')

    outlast_leases()
    _assert_ended(visitor)


def test_someone_banned_in_sql_is_refused_until_the_ban_ends(stack: Stack, visitor: Visitor, person: Person) -> None:
    user = literal(visitor.sign_up(person).json()["user"]["id"])
    visitor.me().raise_for_status()

    stack.sql(f'UPDATE "user" SET banned = true WHERE id = {user}')
    outlast_leases()
    for answer in (visitor.session(), visitor.me()):
        assert_refused(answer, 401)
        assert answer.json()["code"] == "BANNED_USER"
    assert_refused(ApiClient(stack).sign_in(person), 401, 403)

    stack.sql(f"""UPDATE "user" SET "banExpires" = now() - interval '1 second' WHERE id = {user}""")
    assert visitor.me().status_code == 200


def test_someone_elses_session_cannot_be_revoked_or_listed(stack: Stack, browser: Browser, person: Person) -> None:
    victim = ApiClient(stack)
    victim.sign_up(Person()).raise_for_status()
    browser.sign_up(person).raise_for_status()

    for token in (victim.token, victim.token.partition(".")[0]):
        browser.auth("POST", "/revoke-session", json={"token": token})
    for path in ("/revoke-sessions", "/revoke-other-sessions"):
        body = {"userId": victim.session().json()["user"]["id"]}
        Browser(stack, cookies=browser.cookies).auth("POST", path, json=body)

    assert victim.me().status_code == 200
    listed = browser.auth("GET", "/list-sessions").text
    assert victim.token.partition(".")[0] not in listed


def test_administration_is_closed_to_everyone_else(stack: Stack, browser: Browser, person: Person) -> None:
    browser.sign_up(person).raise_for_status()
    victim = ApiClient(stack)
    user = victim.sign_up(Person()).json()["user"]["id"]

    for act in ("ban-user", "remove-user", "impersonate-user", "revoke-user-sessions", "set-role", "set-user-password"):
        body = {"userId": user, "role": "admin", "newPassword": NEW_PASSWORD}
        assert_refused(browser.auth("POST", f"/admin/{act}", json=body), 401, 403, 404)
    assert_refused(browser.auth("GET", "/admin/list-users"), 401, 403, 404)

    assert victim.me().status_code == 200
