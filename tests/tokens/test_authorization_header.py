"""The Authorization header: a bad bearer is refused, whatever else the request carries; another scheme is ignored."""

import pytest

from stack.raw_http import exchange
from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User

BAD = [
    "Bearer",
    "bearer x",
    "Bearer  x  y",
    "Bearer\tx",
    "Bearer a.b.c.d.e",
    "Bearer null",
    "Bearer undefined",
    "Bearer ,",
    "Bearer x, Bearer y",
    "Bearer %ZZ%",
    "Bearer " + "x" * 8000,
    "Basic YTpi, Bearer x",
]
OTHER_SCHEMES = ["Basic YTpi", "Digest username=a", "Negotiate YII", "Token x", "x", ","]


def _raw(stack: Stack, service: str, lines: list[bytes]) -> int:
    """GET with these header lines, exactly as given: httpx would normalize or refuse them."""
    url = stack.auth_url if service == "auth-server" else stack.api_url
    path = b"/api/auth/session" if service == "auth-server" else b"/api/me"
    head = b"\r\n".join([b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *lines])
    return exchange(url, head + b"\r\n\r\n").status


@pytest.mark.parametrize("value", BAD, ids=lambda value: value[:24])
def test_a_bad_bearer_is_refused_and_never_replaced_by_a_good_cookie(browser: Browser, user: User, value: str) -> None:
    browser.sign_up(user).raise_for_status()
    headers = {"authorization": value}

    for response in (browser.auth("GET", "/session", headers=headers), browser.api("GET", "/me", headers=headers)):
        assert_refused(response, 401)
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize("value", OTHER_SCHEMES)
def test_another_scheme_is_ignored(browser: Browser, user: User, value: str) -> None:
    browser.sign_up(user).raise_for_status()
    headers = {"authorization": value}

    for response in (
        browser.auth("GET", "/session", headers=headers),
        browser.auth("GET", "/list-sessions", headers=headers),
        browser.api("GET", "/me", headers=headers),
        browser.api("POST", "/notes", headers=headers, json={"text": "mine"}),
    ):
        assert response.is_success, response.text
    from_nowhere = {**headers, "origin": "", "sec-fetch-site": ""}
    assert_refused(browser.api("POST", "/notes", headers=from_nowhere, json={"text": "x"}), 403)
    assert_refused(browser.auth("POST", "/update-user", headers=from_nowhere, json={"name": "x"}), 403)


@pytest.mark.parametrize("path", ["/sign-in/email", "/sign-up/email"])
@pytest.mark.parametrize("value", [*BAD[:7], *OTHER_SCHEMES, "stale"])
def test_no_authorization_header_keeps_anybody_from_signing_in(
    stack: Stack, client: ApiClient, path: str, value: str
) -> None:
    user = User()
    if path == "/sign-in/email":
        ApiClient(stack).sign_up(user).raise_for_status()
    if value == "stale":
        client.sign_up(User()).raise_for_status()
        value = f"Bearer {client.token}"
        client.auth("POST", "/sign-out").raise_for_status()

    body = {"email": user.email, "password": user.password, "name": user.name}
    response = Browser(stack).auth("POST", path, json=body, headers={"authorization": value})

    assert response.status_code == 200, response.text


@pytest.mark.parametrize("service", ["auth-server", "backend"])
@pytest.mark.parametrize(
    "lines",
    [
        [b"Authorization: Bearer \xff\xfe"],
        [b"Authorization: Bearer \xe2\x82\xac"],
        [b"Authorization: Bearer x", b"Authorization: Bearer y"],
        [b"Authorization: Bearer "],
        [b"Authorization: Bearer " + b"x" * 1_000_000],
    ],
    ids=["not UTF-8", "not ASCII", "two of them", "only a scheme", "1 MB"],
)
def test_a_hostile_header_is_refused(
    stack: Stack, browser: Browser, user: User, service: str, lines: list[bytes]
) -> None:
    browser.sign_up(user).raise_for_status()
    cookie = f"Cookie: better-auth.session_token={browser.cookie}".encode()

    assert _raw(stack, service, [*lines, cookie]) in {400, 401, 431}


@pytest.mark.parametrize("service", ["auth-server", "backend"])
def test_two_bearers_are_refused_even_if_one_is_good(stack: Stack, client: ApiClient, user: User, service: str) -> None:
    client.sign_up(user).raise_for_status()
    good = f"Authorization: Bearer {client.token}".encode()

    assert _raw(stack, service, [good]) == 200
    assert _raw(stack, service, [good, b"Authorization: Bearer x"]) in {400, 401}
    assert _raw(stack, service, [b"Authorization: Bearer x", good]) in {400, 401}


def test_a_bearer_and_someone_elses_cookie_are_refused_together(browser: Browser, client: ApiClient) -> None:
    browser.sign_up(User()).raise_for_status()
    client.sign_up(User()).raise_for_status()
    headers = client.credentials()

    for response in (browser.auth("GET", "/session", headers=headers), browser.api("GET", "/me", headers=headers)):
        assert_refused(response, 400, 401)


@pytest.mark.parametrize("path", ["/list-sessions", "/list-accounts"])
def test_better_auths_own_routes_refuse_a_bad_bearer_beside_a_good_cookie(
    browser: Browser, user: User, path: str
) -> None:
    browser.sign_up(user).raise_for_status()
    browser.auth("GET", path).raise_for_status()

    assert_refused(browser.auth("GET", path, headers={"authorization": "Bearer a.b"}), 401)


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_schemes_case_does_not_matter(client: ApiClient, user: User, scheme: str) -> None:
    client.sign_up(user).raise_for_status()
    headers = {"authorization": f"{scheme} {client.token}"}

    assert client.auth("GET", "/session", headers=headers).status_code == 200
    assert client.api("GET", "/me", headers=headers).status_code == 200
