"""Where a user is signed in, and the end of that: by the ids of sessions, with the caches of services warm."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.users import add_sessions, sign_in_elsewhere, sign_up, sign_up_admin
from stack.visitors import ApiClient, Browser, User, Visitor

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def _devices(visitor: Visitor) -> list[dict[str, object]]:
    devices: list[dict[str, object]] = visitor.auth("GET", "/devices").raise_for_status().json()["devices"]
    return devices


def _session_id(visitor: Visitor) -> str:
    return visitor.session().raise_for_status().json()["session"]["id"]


def _revoke(visitor: Visitor, session_id: str) -> httpx.Response:
    return visitor.auth("DELETE", f"/devices/{session_id}")


def test_a_device_has_a_browser_a_system_and_an_address(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    elsewhere = ApiClient(stack)
    elsewhere.auth(
        "POST",
        "/sign-in/email",
        json={"email": user.email, "password": user.password},
        headers={"user-agent": FIREFOX},
    ).raise_for_status()

    here, there = _devices(browser)

    assert (here["isCurrent"], here["browser"]) == (True, "python-httpx")
    assert (there["isCurrent"], there["browser"], there["system"]) == (False, "Firefox", "Linux")
    assert (here["ipAddress"], there["ipAddress"]) == (browser.address, elsewhere.address)


def test_a_device_that_is_signed_out_is_refused_by_both_services_at_once(
    stack: Stack, visitor: Visitor, user: User
) -> None:
    sign_up(visitor, user)
    for _ in range(10):
        elsewhere = sign_in_elsewhere(stack, user)
        session_id = _session_id(elsewhere)
        elsewhere.me().raise_for_status()

        _revoke(visitor, session_id).raise_for_status()

        assert_refused(elsewhere.me(), 401)
        assert_refused(elsewhere.session(), 401)
    assert visitor.me().status_code == 200


def test_all_others_are_refused_by_both_services_at_once(stack: Stack, visitor: Visitor, user: User) -> None:
    user_id = sign_up(visitor, user)
    others = [sign_in_elsewhere(stack, user) for _ in range(4)]
    add_sessions(stack, user_id, 250)

    response = visitor.auth("POST", "/devices/revoke-others", json={}).raise_for_status()

    assert response.json() == {"revoked": 254}
    for other in others:
        assert_refused(other.me(), 401)
    assert visitor.me().status_code == 200
    assert len(_devices(visitor)) == 1


def test_the_id_of_somebody_elses_session_is_unknown_and_nothing_happens(stack: Stack, browser: Browser) -> None:
    sign_up(browser)
    victim = ApiClient(stack)
    sign_up(victim)
    victim.me().raise_for_status()

    theirs = _revoke(browser, _session_id(victim))
    unknown = _revoke(browser, "0b8f2e0e-5f0a-4f52-9d0f-0d6d1d1f7f11")

    assert_refused(theirs, 404)
    assert theirs.json() == unknown.json()
    assert (victim.me().status_code, victim.session().status_code) == (200, 200)


def test_an_administrator_has_no_other_devices_than_their_own(stack: Stack, browser: Browser) -> None:
    sign_up_admin(browser)
    victim = ApiClient(stack)
    sign_up(victim)

    assert_refused(_revoke(browser, _session_id(victim)), 404)
    assert [device["id"] for device in _devices(browser)] == [_session_id(browser)]


def test_of_fifty_racing_requests_one_signs_the_device_out(stack: Stack, user: User) -> None:
    owner = ApiClient(stack)
    sign_up(owner, user)
    elsewhere = sign_in_elsewhere(stack, user)
    session_id = _session_id(elsewhere)

    with ThreadPoolExecutor(50) as threads:
        responses = list(threads.map(_revoke, [owner] * 50, [session_id] * 50))

    assert sorted(response.status_code for response in responses) == [200] + [404] * 49
    assert_refused(elsewhere.me(), 401)
    events = owner.auth("GET", "/activity", params={"limit": "100"}).raise_for_status().json()["events"]
    assert [event["type"] for event in events].count("session-revoked") == 1


def test_no_response_names_a_token_of_another_session(stack: Stack, browser: Browser, user: User) -> None:
    sign_up(browser, user)
    token = sign_in_elsewhere(stack, user).token.partition(".")[0]

    for method, path in (
        ("GET", "/devices"),
        ("GET", "/activity"),
        ("GET", "/list-sessions"),
        ("GET", "/session"),
        ("GET", "/get-session"),
        ("POST", "/devices/revoke-others"),
    ):
        response = browser.auth(method, path).raise_for_status()
        assert token not in response.text
        assert token not in str(response.headers)


@pytest.mark.parametrize(
    "agent",
    [
        "<script>alert(1)</script>",
        "x" * 10_000,
        "(" * 5000,
        "\x1b[31mred",
        "../../etc/passwd",
        "%00%0d%0aset-cookie:x",
    ],
)
def test_an_odd_user_agent_signs_in_and_has_no_name_of_its_own(
    stack: Stack, browser: Browser, user: User, agent: str
) -> None:
    sign_up(browser, user)
    response = ApiClient(stack).auth(
        "POST",
        "/sign-in/email",
        json={"email": user.email, "password": user.password},
        headers={"user-agent": agent},
    )

    if response.status_code == 400:  # the server of HTTP refuses the header
        return
    response.raise_for_status()
    there = _devices(browser)[1]
    name = str(there["browser"] or "")
    assert len(name) <= 40
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.+-")
    assert not name.startswith("<")
