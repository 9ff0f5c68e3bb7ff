"""What another site's page can make a visitor's browser do: nothing."""

from typing import Any

import httpx
import pytest

from auth_sidecar.errors import CrossSiteRequest
from auth_sidecar.requests.csrf import refuse_cross_site
from tests.support.contract import read_contract
from tests.support.example_service import ORIGIN
from tests.support.fake_auth_server import FakeAuthServer, FakeUser

FOREIGN = [
    "https://evil.example",
    "https://app.example.com.evil.example",
    "https://app.example.com@evil.example",
    "https://appXexample.com",
    "http://app.example.com",
    "https://app.example.com:444",
    "https://app.example.com/",
    "https://APP.example.com",
    "https://app.example.com.",
    "https://sibling.example.com",
    "file://",
    "",
]


CONTRACT: dict[str, Any] = read_contract("origins")


def _code_of(request: dict[str, Any]) -> str | None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in request["headers"]]
    try:
        refuse_cross_site({"type": "http", "method": "POST", "headers": headers}, CONTRACT["allowed"])
    except CrossSiteRequest as error:
        return error.code
    return None


@pytest.mark.parametrize("request_", CONTRACT["requests"], ids=lambda request: request["what"])
def test_the_auth_servers_rule_is_this_ones_too(request_: dict[str, Any]) -> None:
    assert _code_of(request_) == request_["code"]


async def test_a_refusal_says_what_to_send_and_which_setting_names_the_origins(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    for headers in ({}, {"origin": "https://evil.example"}):
        message = (await client.post("/reports", headers={**ada.cookie, **headers})).json()["message"]
        assert 'header "Origin: ' in message
        assert "CORS_ORIGIN" in message
        assert ORIGIN not in message


@pytest.mark.parametrize("path", ["/reports", "/hello"])
@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_cookie_from_another_origin_changes_nothing(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str, origin: str
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.post(path, headers={**ada.cookie, "origin": origin, "sec-fetch-site": "same-origin"})

    assert (response.status_code, response.json()["code"]) == (403, "INVALID_ORIGIN")
    assert auth_server.received == []


@pytest.mark.parametrize("path", ["/reports", "/hello"])
@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none", "same-origin, same-origin"])
async def test_a_cookie_from_an_unknown_page_changes_nothing(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str, site: str | None
) -> None:
    ada = auth_server.sign_in(FakeUser())
    headers = {**ada.cookie, "referer": f"{ORIGIN}/page", **({} if site is None else {"sec-fetch-site": site})}

    response = await client.post(path, headers=headers)

    assert (response.status_code, response.json()["code"]) == (403, "MISSING_OR_NULL_ORIGIN")
    assert auth_server.received == []


async def test_two_origins_are_none(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())
    headers = [("cookie", ada.cookie["cookie"]), ("origin", ORIGIN), ("origin", ORIGIN)]

    response = await client.post("/reports", headers=headers)

    assert response.status_code == 403


@pytest.mark.parametrize("headers", [{"origin": ORIGIN}, {"origin": ORIGIN, "sec-fetch-site": "cross-site"}])
async def test_a_page_of_ours_may_act(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, headers: dict[str, str]
) -> None:
    ada = auth_server.sign_in(FakeUser())

    assert (await client.post("/reports", headers={**ada.cookie, **headers})).status_code == 200


async def test_a_same_origin_request_without_origin_may_act(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.post("/reports", headers={**ada.cookie, "sec-fetch-site": "same-origin"})

    assert response.status_code == 200


async def test_reading_needs_no_origin(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get("/reports", headers={**ada.cookie, "origin": "https://evil.example"})

    assert response.status_code == 200


async def test_a_bearer_needs_no_origin(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())

    assert (await client.post("/reports", headers=ada.bearer)).status_code == 200
    assert (await client.post("/reports", headers={**ada.bearer, "origin": "https://evil.example"})).status_code == 200


async def test_a_bearer_beside_its_own_cookie_needs_no_origin(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    assert (await client.post("/reports", headers={**ada.bearer, **ada.cookie})).status_code == 200


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("Bearer forged.c2ln", (401, "INVALID_TOKEN")),
        ("Bearer", (401, "INVALID_TOKEN")),
        ("Basic x", (403, "INVALID_ORIGIN")),
    ],
)
async def test_an_authorization_header_exempts_the_cookie_beside_it_from_nothing(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, authorization: str, expected: tuple[int, str]
) -> None:
    ada = auth_server.sign_in(FakeUser())
    headers = {**ada.cookie, "authorization": authorization, "origin": "https://evil.example"}

    response = await client.post("/reports", headers=headers)

    assert (response.status_code, response.json()["code"]) == expected


@pytest.mark.parametrize("header", ["x-http-method-override", "x-http-method", "x-method-override"])
async def test_a_method_override_makes_no_request_safe(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, header: str
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.post("/reports?_method=GET", headers={**ada.cookie, header: "GET"})

    assert response.status_code == 403


async def test_nobody_is_told_to_sign_in_before_anything_else(client: httpx.AsyncClient) -> None:
    assert (await client.post("/reports", headers={"origin": "https://evil.example"})).status_code == 401
