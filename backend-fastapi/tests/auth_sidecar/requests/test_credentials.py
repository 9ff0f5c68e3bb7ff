"""Which credential counts, and what is asked about it."""

import httpx
import pytest

from tests.support.fake_auth_server import COOKIE, FakeAuthServer, FakeUser

MALFORMED = [
    "Bearer",
    "Bearer null x",
    "Bearer ",
    "bearer x y",
    "Bearer  x  y",
    "Bearer\tx",
    "Bearer x,y",
    "Bearer x, Bearer y",
    'Bearer token="x"',
    "Basic eDp5, Bearer x",
    "Bearer x, Basic eDp5",
    "Bearer ümlaut",
    "Bearer x\u2028",
]
NOT_FOR_US = ["", "Basic eDp5", "Token x", 'Digest username="bearer", uri="/"', "Negotiate YII", "Bearers x", "x"]


async def test_a_bearer_token_names_its_user(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get("/reports", headers=ada.bearer)

    assert (response.status_code, response.json()) == (200, {"reportsOf": ada.id})
    assert auth_server.received[0]["authorization"] == f"Bearer {ada.token}"


async def test_a_session_cookie_names_its_user(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get("/reports", headers=ada.cookie)

    assert (response.status_code, response.json()) == (200, {"reportsOf": ada.id})


async def test_nothing_presented_is_nobody_and_asks_nobody(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    response = await client.get("/reports")

    assert (response.status_code, response.json()) == (401, {"code": "SESSION_REQUIRED", "message": "Sign in first."})
    assert response.headers["www-authenticate"] == "Bearer"
    assert auth_server.received == []


@pytest.mark.parametrize("value", MALFORMED)
async def test_a_malformed_bearer_is_refused_even_beside_a_good_cookie(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, value: str
) -> None:
    ada = auth_server.sign_in(FakeUser())
    headers = [(b"authorization", value.encode()), (b"cookie", ada.cookie["cookie"].encode())]

    response = await client.get("/reports", headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "INVALID_TOKEN")
    assert auth_server.received == []


@pytest.mark.parametrize("value", NOT_FOR_US)
async def test_an_authorization_header_that_is_no_bearer_is_not_for_us(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, value: str
) -> None:
    ada = auth_server.sign_in(FakeUser())

    by_cookie = await client.get("/reports", headers={"authorization": value, **ada.cookie})
    alone = await client.get("/reports", headers={"authorization": value})
    optional = await client.get("/hello", headers={"authorization": value})

    assert (by_cookie.status_code, by_cookie.json()) == (200, {"reportsOf": ada.id})
    assert "authorization" not in auth_server.received[0]
    assert (alone.status_code, alone.json()["code"]) == (401, "SESSION_REQUIRED")
    assert (optional.status_code, optional.json()) == (200, {"hello": None})


async def test_an_unknown_bearer_is_not_replaced_by_the_good_cookie_beside_it(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get("/reports", headers={"authorization": "Bearer forged.c2ln", **ada.cookie})

    assert (response.status_code, response.json()["code"]) == (401, "INVALID_TOKEN")


async def test_a_bearer_and_another_users_cookie_are_refused_together_also_when_each_is_cached(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    for headers in (ada.bearer, ada.cookie, bob.bearer, bob.cookie):
        (await client.get("/reports", headers=headers)).raise_for_status()

    response = await client.get("/reports", headers={**ada.bearer, **bob.cookie})

    assert (response.status_code, response.json()["code"]) == (401, "INVALID_TOKEN")


async def test_a_cookie_that_nobody_gave_out_takes_nothing_from_the_bearer_beside_it(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.post("/reports", headers={**ada.bearer, "cookie": f"{COOKIE}=junk; {COOKIE}=a b"})

    assert (response.status_code, response.json()) == (200, {"reportsOf": ada.id})


async def test_a_bearer_beside_the_cookie_of_its_own_session_is_the_one_that_is_asked_about(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get("/reports", headers={**ada.bearer, **ada.cookie})

    assert response.json() == {"reportsOf": ada.id}
    assert "cookie" not in auth_server.received[0]


async def test_two_authorization_headers_are_nobodys(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())
    twice = [("authorization", ada.bearer["authorization"])] * 2

    response = await client.get("/reports", headers=twice)

    assert (response.status_code, response.json()["code"]) == (401, "INVALID_TOKEN")


async def test_a_token_in_query_or_other_headers_is_not_read(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    elsewhere = {"x-auth-token": ada.token, "x-user-id": ada.id, "remote-user": ada.id}

    response = await client.get("/reports", params={"access_token": ada.token, "token": ada.token}, headers=elsewhere)

    assert (response.status_code, response.json()["code"]) == (401, "SESSION_REQUIRED")


async def test_only_better_auths_session_cookies_are_passed_on(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    own = f"{ada.cookie['cookie']}; better-auth.dont_remember=true.sig"
    foreign = "theme=dark; better-auth.session_data=x; xbetter-auth.session_token=y"

    await client.get("/reports", headers=[("cookie", foreign), ("cookie", f"a=b; {own}")])

    assert auth_server.received[0]["cookie"] == own


async def test_foreign_cookies_alone_are_nobody_and_ask_nobody(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    cookies = "theme=dark; better-auth.dont_remember=true.sig; Better-Auth.session_token=x; better-auth_session_token=x"

    response = await client.get("/reports", headers={"cookie": cookies})

    assert (response.status_code, response.json()["code"]) == (401, "SESSION_REQUIRED")
    assert auth_server.received == []


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {'x' * 8_000}"},
        {"authorization": f"Bearer {'x' * 1_000_000}"},
        {"cookie": f"{COOKIE}={'x' * 8_000}"},
        {"cookie": f"{COOKIE}=a\\b"},
    ],
    ids=["long bearer", "huge bearer", "long cookie", "no cookie value"],
)
async def test_what_can_be_no_credential_is_refused_without_asking(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, headers: dict[str, str]
) -> None:
    response = await client.get("/reports", headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "INVALID_TOKEN")
    assert auth_server.received == []


@pytest.mark.parametrize("code", ["SESSION_REQUIRED", "INVALID_TOKEN", "SESSION_EXPIRED", "BANNED_USER", "TWO_FACTOR"])
async def test_the_auth_servers_code_passes_through(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, code: str
) -> None:
    ada = auth_server.sign_in(FakeUser(refused_with=code))

    response = await client.get("/reports", headers=ada.bearer)

    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["message"]


async def test_an_optional_user_may_be_nobody_but_not_a_refused_bearer(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, gone = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser(refused_with="SESSION_EXPIRED"))

    assert (await client.get("/hello")).json() == {"hello": None}
    assert (await client.get("/hello", headers=ada.cookie)).json() == {"hello": ada.id}
    assert (await client.get("/hello", headers=gone.cookie)).json() == {"hello": None}
    assert (await client.get("/hello", headers=gone.bearer)).status_code == 401


async def test_the_session_is_there_for_who_asks_for_it(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get("/session", headers=ada.bearer)

    assert response.json() == {"session": f"session-of-{ada.id}"}


@pytest.mark.parametrize(
    ("given", "passed_on"), [("req-0123456789", "req-0123456789"), ("bad id", None), ("x" * 65, None)]
)
async def test_a_well_formed_request_id_reaches_the_auth_server(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, given: str, passed_on: str | None
) -> None:
    ada = auth_server.sign_in(FakeUser())

    await client.get("/reports", headers={**ada.bearer, "x-request-id": given})

    assert auth_server.received[0].get("x-request-id") == passed_on
