"""Sign up, in and out: the same with the cookie and with the bearer token, and both services agree."""

import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User, Visitor


def test_someone_who_signs_up_is_known_to_both_services(visitor: Visitor, user: User) -> None:
    visitor.sign_up(user).raise_for_status()

    assert visitor.session().json()["user"]["email"] == user.email
    profile = visitor.me().json()
    assert (profile["email"], profile["name"]) == (user.email, user.name)
    assert profile["userId"] == visitor.session().json()["user"]["id"]


def test_someone_who_signs_in_is_known_to_both_services(stack: Stack, visitor: Visitor, user: User) -> None:
    Browser(stack).sign_up(user).raise_for_status()

    visitor.sign_in(user).raise_for_status()

    assert visitor.session().json()["user"]["email"] == user.email
    assert visitor.me().json()["email"] == user.email


def test_an_email_address_is_one_address_whatever_its_case(stack: Stack, client: ApiClient, user: User) -> None:
    Browser(stack).sign_up(user).raise_for_status()

    client.auth("POST", "/sign-in/email", json={"email": user.email.upper(), "password": user.password})

    assert client.me().json()["email"] == user.email


def test_nobody_is_asked_to_sign_in_by_both_services(visitor: Visitor) -> None:
    for response in (visitor.session(), visitor.me()):
        assert_refused(response, 401)
        assert response.json()["code"] == "SESSION_REQUIRED"


def test_the_backend_names_the_scheme_to_sign_in_with(client: ApiClient) -> None:
    assert client.me().headers["www-authenticate"].startswith("Bearer")


def test_a_signed_out_cookie_opens_nothing_on_either_service(browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    thief = browser.copy()
    thief.me().raise_for_status()

    browser.sign_out().raise_for_status()

    assert browser.cookies == {}
    assert_refused(thief.session(), 401)
    assert_refused(thief.me(), 401)
    assert thief.me().json()["code"] == "SESSION_EXPIRED"


def test_a_signed_out_bearer_opens_nothing_on_either_service(client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()
    client.me().raise_for_status()

    client.sign_out().raise_for_status()

    assert_refused(client.session(), 401)
    assert_refused(client.me(), 401)


def test_signing_out_here_leaves_the_user_signed_in_there(stack: Stack, browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    elsewhere = ApiClient(stack)
    elsewhere.sign_in(user).raise_for_status()

    browser.sign_out().raise_for_status()

    assert elsewhere.me().status_code == 200


def test_a_session_set_by_someone_else_does_not_survive_the_sign_in(stack: Stack, user: User) -> None:
    attacker = Browser(stack)
    attacker.sign_up(User()).raise_for_status()
    victim = attacker.copy()
    Browser(stack).sign_up(user).raise_for_status()

    victim.sign_in(user).raise_for_status()

    assert victim.cookie != attacker.cookie
    assert attacker.me().json().get("email") != user.email


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser, user: User) -> None:
    response = browser.sign_up(user)

    (line,) = [line for line in response.headers.get_list("set-cookie") if "session_token" in line]
    assert {"httponly", "samesite=lax", "path=/", "max-age=604800"} <= {
        part.strip().lower() for part in line.split(";")
    }


def test_the_bearer_token_in_the_body_is_the_signed_one_of_the_header(client: ApiClient, user: User) -> None:
    for response in (client.sign_up(user), client.sign_in(user)):
        assert response.json()["token"] == response.headers["set-auth-token"]
        assert "." in response.json()["token"]


def test_what_is_known_about_a_session_never_contains_its_token(browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    token = browser.cookie.partition(".")[0]

    assert token not in browser.session().text
    assert token not in browser.me().text


@pytest.mark.parametrize("path", ["/api/me", "/api/notes", "/api/auth/session"])
def test_no_response_about_a_user_may_be_kept_by_a_cache(browser: Browser, user: User, path: str) -> None:
    browser.sign_up(user).raise_for_status()
    service = browser.stack.auth_url if path.startswith("/api/auth") else browser.stack.api_url

    assert "no-store" in browser.request("GET", service + path).headers["cache-control"]


def test_browsers_reach_both_services_at_the_address_of_the_app(browser: Browser, user: User) -> None:
    browser.sign_up(user).raise_for_status()
    origin = browser.stack.frontend_url

    assert browser.request("GET", f"{origin}/api/auth/session").json()["user"]["email"] == user.email
    assert browser.request("GET", f"{origin}/api/me").json()["email"] == user.email
