"""What is recorded about an account, and who may read it."""

import pytest

from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.users import add_reset_token, sign_up, sign_up_admin
from stack.visitors import ApiClient, Browser, User, Visitor

NEW_PASSWORD = "another good password"


def _events(visitor: Visitor, path: str = "/activity", **params: str) -> list[dict[str, object]]:
    response = visitor.auth("GET", path, params={"limit": "100", **params})
    events: list[dict[str, object]] = response.raise_for_status().json()["events"]
    return events


def _types(visitor: Visitor) -> list[object]:
    return [event["type"] for event in _events(visitor)]


def test_a_user_reads_what_happened_newest_first(stack: Stack, user: User) -> None:
    visitor = ApiClient(stack)
    user_id = sign_up(visitor, user)
    assert_refused(ApiClient(stack).sign_in(User(email=user.email)), 401)
    elsewhere = ApiClient(stack)
    elsewhere.sign_in(user).raise_for_status()
    elsewhere.sign_out().raise_for_status()
    token = add_reset_token(stack, user_id)
    ApiClient(stack).auth(
        "POST", "/reset-password", json={"newPassword": NEW_PASSWORD, "token": token}
    ).raise_for_status()
    visitor.sign_in(User(email=user.email, password=NEW_PASSWORD)).raise_for_status()

    types = _types(visitor)

    assert types[0] == "signed-in"
    assert set(types[1:3]) == {"password-reset", "session-revoked"}
    assert types[3:] == ["signed-out", "signed-in", "sign-in-failed", "signed-up"]


def test_an_event_has_the_address_and_the_request_that_the_logs_have(stack: Stack, browser: Browser) -> None:
    user_id = sign_up(browser)
    admin = ApiClient(stack)
    sign_up_admin(admin)
    signed_out = browser.copy()
    response = signed_out.auth("POST", "/sign-out", json={}, headers={"x-request-id": "request-of-a-test"})
    response.raise_for_status()

    event = _events(admin, "/admin/activity", userId=user_id, type="signed-out")[0]

    assert (event["ipAddress"], event["requestId"]) == (signed_out.address, "request-of-a-test")


def test_nobody_reads_the_activity_of_another_user(stack: Stack, browser: Browser) -> None:
    sign_up(browser)
    victim = ApiClient(stack)
    victim_id = sign_up(victim)

    for params in ({"userId": victim_id}, {"user": victim_id}):
        assert_refused(browser.auth("GET", "/activity", params=params), 400)
    assert_refused(browser.auth("GET", "/admin/activity", params={"userId": victim_id}), 403)
    assert_refused(Browser(stack).auth("GET", "/admin/activity", params={"userId": victim_id}), 401)
    assert_refused(Browser(stack).auth("GET", "/activity"), 401)
    assert victim_id not in browser.auth("GET", "/activity").text


@pytest.mark.parametrize("known", [True, False])
def test_a_failed_sign_in_is_recorded_whoever_has_the_address(stack: Stack, user: User, known: bool) -> None:
    if known:
        sign_up(ApiClient(stack), user)
    visitor = ApiClient(stack)
    assert_refused(visitor.sign_in(User(email=user.email)), 401)

    where = f""""ipAddress" = {literal(visitor.address)} AND type = 'sign-in-failed'"""
    rows = stack.sql(
        f"""SELECT "userId" IS NOT NULL AS known, to_jsonb(e)::text AS whole FROM audit_event e WHERE {where}"""
    )

    assert [row["known"] for row in rows] == [known]
    assert user.email not in str(rows[0]["whole"])


def test_what_an_administrator_does_is_recorded_and_outlives_the_user(stack: Stack) -> None:
    admin, user = ApiClient(stack), ApiClient(stack)
    admin_id, user_id = sign_up_admin(admin), sign_up(user)
    for act, more in (("ban-user", {}), ("unban-user", {}), ("set-role", {"role": "admin"}), ("remove-user", {})):
        admin.auth("POST", f"/admin/{act}", json={"userId": user_id, **more}).raise_for_status()

    events = _events(admin, "/admin/activity", userId=user_id)

    assert [event["type"] for event in events if event["actorId"] == admin_id] == [
        *("user-deleted", "role-changed", "unbanned", "session-revoked", "banned"),
    ]


def test_the_backend_reads_no_event(stack: Stack) -> None:
    rows = stack.sql("""SELECT r.rolname FROM pg_roles r
                         WHERE r.rolname IN ('backend', 'backend_owner')
                           AND (has_table_privilege(r.oid, 'audit_event', 'SELECT')
                             OR has_table_privilege(r.oid, 'audit_event', 'INSERT'))""")

    assert rows == []
