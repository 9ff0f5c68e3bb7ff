"""Which credential counts."""

import httpx
import pytest
from fake_auth_server import COOKIE, FakeAuthServer, Person


async def test_a_bearer_token_is_answered_with_its_user(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(Person())

    answer = await client.get("/reports", headers=ada.bearer)

    assert (answer.status_code, answer.json()) == (200, {"reportsOf": ada.id})
