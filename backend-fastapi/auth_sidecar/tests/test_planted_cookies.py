"""A sibling domain, or anybody on plain http, can plant cookies of our names: they lock nobody out.

Which of several counts is the auth server's rule: auth-server/src/sessions/credential.ts.
"""

import httpx
import pytest

from fake_auth_server import COOKIE, FakeAuthServer, Person

SECURE_COOKIE = f"__Secure-{COOKIE}"
DONT_REMEMBER = "better-auth.dont_remember"
ODD = ["x.y", "", "a b", "a,b", 'a"b', "a" * 5_000]
ODD_NAMES = ["another", "empty", "space", "comma", "quote", "long"]


def secure(person: Person) -> str:
    """The cookie as it is called on https."""
    return f"__Secure-{person.cookie['cookie']}"


@pytest.mark.parametrize("value", ODD, ids=ODD_NAMES)
@pytest.mark.parametrize("is_first", [True, False])
async def test_a_plain_session_cookie_counts_for_nothing_beside_the_secure_one(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, value: str, *, is_first: bool
) -> None:
    ada = auth_server.sign_in(Person())
    cookies = [secure(ada), f"{COOKIE}={value}"]

    answer = await client.get("/reports", headers={"cookie": "; ".join(cookies[::-1] if is_first else cookies)})

    assert (answer.status_code, answer.json()) == (200, {"reportsOf": ada.id})
    assert auth_server.received[0]["cookie"] == secure(ada)


@pytest.mark.parametrize("value", ODD[2:], ids=ODD_NAMES[2:])
@pytest.mark.parametrize("prefix", ["", "__Secure-"])
async def test_a_dont_remember_cookie_that_nobody_signed_is_not_passed_on(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, value: str, prefix: str
) -> None:
    ada = auth_server.sign_in(Person())

    answer = await client.get("/reports", headers={"cookie": f"{prefix}{DONT_REMEMBER}={value}; {secure(ada)}"})

    assert (answer.status_code, answer.json()) == (200, {"reportsOf": ada.id})
    assert auth_server.received[0]["cookie"] == secure(ada)


async def test_the_first_of_each_name_counts_and_the_secure_one_before_the_plain_one(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(Person())
    own = f"{secure(ada)}; __Secure-{DONT_REMEMBER}=true.sig"
    planted = f"{DONT_REMEMBER}=first.sig; {COOKIE}=first.sig"
    later = f"{SECURE_COOKIE}=later.sig; __Secure-{DONT_REMEMBER}=later.sig"

    await client.get("/reports", headers=[("cookie", planted), ("cookie", own), ("cookie", later)])

    assert auth_server.received[0]["cookie"] == own


async def test_the_first_of_two_plain_session_cookies_counts_though_it_can_be_no_ones(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(Person())

    answer = await client.get("/reports", headers={"cookie": f"{COOKIE}=a b; {ada.cookie['cookie']}"})

    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN")
    assert auth_server.received == []


async def test_a_name_without_a_value_is_no_cookie(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(Person())

    answer = await client.get("/reports", headers={"cookie": f"{SECURE_COOKIE}; {COOKIE}; {ada.cookie['cookie']}"})

    assert (answer.status_code, answer.json()) == (200, {"reportsOf": ada.id})


async def test_other_sites_cookies_of_any_length_are_left_out(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(Person())
    planted = "; ".join(f"c{n}={'x' * 4_000}" for n in range(15))

    answer = await client.get("/reports", headers={"cookie": f"{planted}; {ada.cookie['cookie']}"})

    assert (answer.status_code, answer.json()) == (200, {"reportsOf": ada.id})


@pytest.mark.parametrize("value", ["", '""', "x.y"], ids=["empty", "quoted empty", "another"])
async def test_of_two_session_cookies_beside_a_bearer_the_one_that_counts_must_be_of_its_session(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, value: str
) -> None:
    ada, bob = auth_server.sign_in(Person()), auth_server.sign_in(Person())

    beside_own = await client.get("/reports", headers={**ada.bearer, "cookie": f"{COOKIE}={value}; {secure(ada)}"})
    beside_bobs = await client.get("/reports", headers={**ada.bearer, "cookie": f"{secure(bob)}; {COOKIE}={ada.token}"})
    beside_none = await client.get("/reports", headers={**ada.bearer, "cookie": f"{SECURE_COOKIE}="})

    assert beside_own.json() == beside_none.json() == {"reportsOf": ada.id}
    assert beside_bobs.json()["code"] == "INVALID_TOKEN"
