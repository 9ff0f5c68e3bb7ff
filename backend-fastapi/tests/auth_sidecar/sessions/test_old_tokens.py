"""A token of an old system is a credential like others: the auth server says whose it is, and for how long."""

import logging

import httpx
import pytest
from aiohttp import web

from auth_sidecar import AuthSidecar
from auth_sidecar.auth_server.breaker import FAILURES
from auth_sidecar.errors import (
    OldTokenEmailNotVerified,
    OldTokenEnded,
    OldTokenExpired,
    OldTokenRefused,
    OldTokenSecondFactor,
    OldTokensOver,
    OldTokenUserUnknown,
)
from tests.auth_sidecar.auth_server.odd_bodies import iso
from tests.auth_sidecar.requests.guarded_service import create_service as create_guarded
from tests.support.example_service import running
from tests.support.fake_auth_server import NOW, FakeAuthServer, FakeUser, refusal
from tests.support.timing import warm

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl-_"
UNKNOWN_KEY = {"authorization": "Bearer e.f.g"}
REFUSALS = (
    OldTokenEnded(),
    OldTokenExpired(),
    OldTokenSecondFactor(),
    OldTokenEmailNotVerified(),
    OldTokenUserUnknown(),
)


def old_user(refused_with: str | None = None, signed_in_at: str = NOW) -> FakeUser:
    return FakeUser(token=JWT, is_old_token=True, refused_with=refused_with, signed_in_at=signed_in_at)


async def test_it_is_cached_and_ends_with_its_user(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(old_user())
    await warm(auth, client, ada.bearer)
    asked = len(auth_server.received)
    assert (await client.get("/reports", headers=ada.bearer)).json() == {"reportsOf": ada.id}
    assert len(auth_server.received) == asked

    await auth_server.change(ada, refused_with="BANNED_USER")

    assert (await client.get("/reports", headers=ada.bearer)).json()["code"] == "BANNED_USER"


async def test_each_request_is_counted_cached_or_not(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(old_user()), auth_server.sign_in(FakeUser())
    before = auth.metrics()
    for _ in range(10):
        await client.get("/reports", headers=ada.bearer)
        await client.get("/reports", headers=bob.bearer)
    await auth_server.sign_out(ada)
    ada.refused_with = "OLD_TOKEN_ENDED"
    await client.get("/reports", headers=ada.bearer)

    after = auth.metrics()
    assert after.old_tokens_accepted_total - before.old_tokens_accepted_total == 10
    assert after.old_tokens_refused_total == 1


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: error.code)
async def test_a_refusal_says_why(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, error: OldTokenRefused
) -> None:
    ada = auth_server.sign_in(old_user(error.code))

    response = await client.get("/reports", headers=ada.bearer)

    assert response.status_code == 401
    assert response.json() == {"code": error.code, "message": error.message}


async def test_the_end_of_all_is_logged_once(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    ada = auth_server.sign_in(old_user(OldTokensOver().code))
    with caplog.at_level(logging.WARNING, "auth_sidecar"):
        for _ in range(3):
            assert (await client.get("/reports", headers=ada.bearer)).json()["code"] == "OLD_TOKENS_OVER"

    assert [record.getMessage() for record in caplog.records if "OLD_TOKENS_UNTIL" in record.getMessage()] == [
        "tokens of the old system count no more, and some still come: OLD_TOKENS_UNTIL has passed"
    ]
    assert JWT not in caplog.text


async def test_an_issuer_without_keys_is_no_outage_of_the_auth_server(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    ada = auth_server.sign_in(FakeUser())

    async def respond(request: web.Request) -> web.StreamResponse:
        if request.headers["authorization"] == UNKNOWN_KEY["authorization"]:
            return refusal(503, "OLD_TOKEN_KEYS_UNAVAILABLE")
        return await auth_server.handle_well(request)

    auth_server.misbehave = respond
    for _ in range(2 * FAILURES):
        response = await client.get("/reports", headers=UNKNOWN_KEY)
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
    assert auth.metrics().breaker_opened_total == 0
    assert "cannot be asked" not in caplog.text


async def test_it_is_no_fresh_sign_in_however_new_it_is(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(old_user(signed_in_at=iso()))
    async with running(create_guarded(auth)) as client:
        assert (await client.get("/fresh", headers=ada.bearer)).json()["code"] == "SESSION_NOT_FRESH"
        assert (await client.get("/route", headers=ada.bearer)).json() == ada.id
