"""SIDECAR_STALE_GRACE_SECONDS: a team may choose old entries over errors, for requests that change nothing."""

import httpx
import pytest

from auth_sidecar import AuthSidecar
from tests.support.example_service import ORIGIN, create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, responding
from tests.support.timing import until, warm

GRACE_SECONDS = 60


@pytest.fixture
def auth(auth: AuthSidecar, auth_server: FakeAuthServer) -> AuthSidecar:
    """Whose leases end soon, because each of these tests waits for that."""
    auth_server.feed.lease_ms = 50
    return AuthSidecar(auth.settings.model_copy(update={"sidecar_stale_grace_seconds": GRACE_SECONDS}))


async def lose_auth_server(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    auth_server.misbehave = responding(503)
    auth_server.feed.refuses_with = 503
    await auth_server.feed.drop()
    await until(lambda: auth.metrics().lease_age_seconds > auth.metrics().lease_seconds)


async def test_a_safe_request_is_served_during_an_outage_and_the_log_says_so(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.cookie)
    await lose_auth_server(auth, auth_server)

    responses = [await client.get("/reports", headers=ada.cookie) for _ in range(3)]

    assert [response.status_code for response in responses] == [200, 200, 200]
    assert auth.metrics().stale_answers_total == 3
    said = [line for line in caplog.messages if "safe requests get cached entries" in line]
    assert said == ["safe requests get cached entries of up to 60 s ago: the auth server cannot be asked"]


async def test_an_unsafe_request_is_not(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.cookie)
    await lose_auth_server(auth, auth_server)

    response = await client.post("/reports", headers={**ada.cookie, "origin": ORIGIN})

    assert (response.status_code, response.headers["retry-after"]) == (503, "1")


async def test_somebody_who_was_not_seen_before_is_not_let_in(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    await lose_auth_server(auth, auth_server)

    assert (await client.get("/reports", headers=bob.bearer)).status_code == 503


async def test_what_was_revoked_stays_revoked(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    await auth_server.sign_out(ada)
    await lose_auth_server(auth, auth_server)

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 503


async def test_an_auth_server_that_says_no_is_believed(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    await lose_auth_server(auth, auth_server)
    ada.refused_with = "SESSION_EXPIRED"
    auth_server.misbehave = None

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 401


@pytest.mark.parametrize("asked_by", ["bearer", "cookie"])
async def test_what_it_said_is_believed_of_the_whole_session_when_it_is_unavailable_again(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, asked_by: str
) -> None:
    ada = auth_server.sign_in(FakeUser())
    credentials = {"bearer": ada.bearer, "cookie": ada.cookie}
    for headers in credentials.values():
        await warm(auth, client, headers)
    await lose_auth_server(auth, auth_server)
    ada.refused_with = "SESSION_EXPIRED"
    auth_server.misbehave = None
    assert (await client.get("/reports", headers=credentials[asked_by])).status_code == 401

    auth_server.misbehave = responding(503)

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 503


async def test_without_the_setting_nothing_old_is_served(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    auth = AuthSidecar(auth.settings.model_copy(update={"sidecar_stale_grace_seconds": 0}))
    ada = auth_server.sign_in(FakeUser())
    async with running(create_service(auth)) as client:
        await warm(auth, client, ada.bearer)
        await lose_auth_server(auth, auth_server)

        assert (await client.get("/reports", headers=ada.bearer)).status_code == 503
