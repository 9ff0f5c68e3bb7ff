"""A sibling domain, or anybody on plain http, can plant cookies of our names: they lock nobody out.

Which of several counts is the auth server's to say; contract/cookies.json has what is passed on to it.
"""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from auth_sidecar.credential import headers_of, read_credential
from auth_sidecar.errors import InvalidToken
from tests.support.contract import read_contract
from tests.support.fake_auth_server import COOKIE, SECURE_COOKIE, FakeAuthServer, FakeUser

DONT_REMEMBER = "better-auth.dont_remember"
CASES: list[dict[str, Any]] = read_contract("cookies")["cases"]


def filled(cookie: str) -> str:
    for name in ("ada", "bob"):
        signed = f"{name}.c2lnbmF0dXJl+/="
        cookie = cookie.replace(f"{{{name}}}", quote(signed, safe="")).replace(f"{{{name}.raw}}", signed)
    return cookie.replace("{forged}", "eve.c2ln")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_all_cookies_that_may_count_are_passed_on_and_nothing_else(case: dict[str, Any]) -> None:
    headers = [(b"cookie", filled(line).encode("latin-1")) for line in case["cookie"]]
    expected: str | None = case["forwarded"]

    if expected == "INVALID_TOKEN":
        with pytest.raises(InvalidToken):
            read_credential(headers)
        return
    credential = read_credential(headers)

    passed_on = None if credential is None else headers_of(credential)["Cookie"]
    assert passed_on == (None if expected is None else filled(expected))


def secure(user: FakeUser) -> str:
    """The cookie as it is called on https."""
    return f"__Secure-{user.cookie['cookie']}"


@pytest.mark.parametrize("name", [COOKIE, SECURE_COOKIE])
@pytest.mark.parametrize("is_first", [True, False])
async def test_the_cookie_of_the_other_scheme_counts_for_nothing(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, name: str, *, is_first: bool
) -> None:
    auth_server.cookie_name = name
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    pairs = [ada.cookie["cookie"], secure(bob)] if name == COOKIE else [secure(ada), bob.cookie["cookie"]]

    for _ in range(2):  # the second time from the cache
        response = await client.get("/reports", headers={"cookie": "; ".join(pairs[::-1] if is_first else pairs)})
        assert (response.status_code, response.json()) == (200, {"reportsOf": ada.id})


async def test_what_is_cached_of_one_cookie_says_nothing_of_two(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    for user in (ada, bob):
        (await client.get("/reports", headers=user.cookie)).raise_for_status()

    both = [f"{bob.cookie['cookie']}; {ada.cookie['cookie']}", f"{secure(bob)}; {ada.cookie['cookie']}"]
    responses = [await client.get("/reports", headers={"cookie": cookie}) for cookie in both]

    assert [response.json() for response in responses] == [{"reportsOf": bob.id}, {"reportsOf": ada.id}]


@pytest.mark.parametrize("value", ["a b", "a,b", 'a"b', "a" * 5_000], ids=["space", "comma", "quote", "long"])
@pytest.mark.parametrize("prefix", ["", "__Secure-"])
async def test_a_dont_remember_cookie_that_nobody_signed_is_not_passed_on(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, value: str, prefix: str
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get(
        "/reports", headers={"cookie": f"{prefix}{DONT_REMEMBER}={value}; {ada.cookie['cookie']}"}
    )

    assert (response.status_code, response.json()) == (200, {"reportsOf": ada.id})
    assert auth_server.received[0]["cookie"] == ada.cookie["cookie"]


async def test_other_sites_cookies_of_any_length_are_left_out(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    planted = "; ".join(f"c{n}={'x' * 4_000}" for n in range(15))

    response = await client.get("/reports", headers={"cookie": f"{planted}; {ada.cookie['cookie']}"})

    assert (response.status_code, response.json()) == (200, {"reportsOf": ada.id})


@pytest.mark.parametrize("value", ["", '""', "x.y"], ids=["empty", "quoted empty", "another"])
async def test_of_two_session_cookies_beside_a_bearer_the_one_that_counts_must_be_of_its_session(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, value: str
) -> None:
    auth_server.cookie_name = SECURE_COOKIE
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())

    beside_own = await client.get("/reports", headers={**ada.bearer, "cookie": f"{COOKIE}={value}; {secure(ada)}"})
    beside_bobs = await client.get("/reports", headers={**ada.bearer, "cookie": f"{secure(bob)}; {COOKIE}={ada.token}"})
    beside_none = await client.get("/reports", headers={**ada.bearer, "cookie": f"{SECURE_COOKIE}="})

    assert beside_own.json() == beside_none.json() == {"reportsOf": ada.id}
    assert beside_bobs.json()["code"] == "INVALID_TOKEN"
