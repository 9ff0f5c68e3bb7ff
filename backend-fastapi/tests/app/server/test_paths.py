"""Queries and health routes. Aliases of a path are tried with raw sockets, in tests/bad_input."""

import httpx
import pytest

from tests.support.fake_auth_server import SignUp


@pytest.mark.parametrize("query", ["path=../x", "next=%2e%2e%2fme", "a=/./b", "a=%00"])
async def test_a_query_may_hold_what_a_path_may_not(api: httpx.AsyncClient, sign_up: SignUp, query: str) -> None:
    assert (await api.get(f"/api/me?{query}", headers=sign_up().bearer)).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
async def test_a_health_route_treats_head_as_get_without_a_body(api: httpx.AsyncClient, path: str) -> None:
    got, head = await api.get(path), await api.head(path)

    assert (got.status_code, got.json()["status"]) == (200, "ok")
    assert head.status_code == 200
    own = {"date", "x-request-id"}
    assert {name: value for name, value in head.headers.items() if name not in own} == {
        name: value for name, value in got.headers.items() if name not in own
    }


async def test_health_is_as_the_older_documents_say(api: httpx.AsyncClient) -> None:
    assert (await api.get("/health")).json() == {"status": "ok"}
