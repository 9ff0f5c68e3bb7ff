"""This package's half of contract/lease.json. The auth server's is in auth-server/src/revocation/protocol.test.ts."""

import math

import httpx
import pytest

from auth_sidecar import AuthSidecar
from auth_sidecar.auth_server.feed import PONG_SECONDS
from auth_sidecar.sessions.cache import LEASE_SECONDS, SessionCache
from tests.support.contract import read_contract
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import ManualClock, until, warm

LEASE = read_contract("lease")
MESSAGES: dict[str, str] = LEASE["messages"]


def test_the_times_are_those_of_the_contract() -> None:
    times = {"firstVersionLeaseMs": LEASE_SECONDS * 1000, "pongTimeoutMs": PONG_SECONDS * 1000}

    assert LEASE | times == LEASE


@pytest.mark.parametrize(("later_ms", "pings"), [(-1, 0), (1, 1)])
def test_a_request_asks_for_the_next_ping_from_the_agreed_age_on(later_ms: int, pings: int) -> None:
    clock, wanted = ManualClock(), list[float]()
    cache = SessionCache(100, clock, lambda: wanted.append(clock.now))
    cache.start_generation()
    cache.renew_lease(clock())

    clock.now += (LEASE["firstVersionLeaseMs"] / 2 + later_ms) / 1000
    cache.find(b"")

    assert len(wanted) == pings


async def test_a_ping_and_its_pong_are_written_as_agreed(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    auth_server.feed.is_silent = True

    async with running(create_service(auth)):
        await auth_server.feed.pinged()
        assert auth_server.feed.first_ping == MESSAGES["ping"]
        assert auth.metrics().lease_age_seconds == math.inf

        await auth_server.feed.tell(MESSAGES["pong"])
        await until(lambda: auth.metrics().lease_age_seconds < math.inf)


@pytest.mark.parametrize(("message", "heard"), [("revokeSession", (1, 0)), ("revokeUser", (1, 0)), ("flush", (0, 1))])
async def test_a_revocation_is_understood_as_agreed(
    auth: AuthSidecar,
    client: httpx.AsyncClient,
    auth_server: FakeAuthServer,
    message: str,
    heard: tuple[int, int],
) -> None:
    ada = auth_server.sign_in(FakeUser(id="ada"))
    await warm(auth, client, ada.bearer)

    await auth_server.feed.tell(MESSAGES[message])
    await until(lambda: auth.metrics().cache_entries == 0)

    metrics = auth.metrics()
    assert (metrics.feed_revocations_total, metrics.feed_flushes_total) == heard
