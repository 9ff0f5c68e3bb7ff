"""The lease: for how long an entry may be used, who renews it, and when it is dropped."""

import json

import httpx
import pytest

from auth_sidecar import AuthSidecar
from auth_sidecar.check_result import CheckResult
from auth_sidecar.identity import Identity
from auth_sidecar.sessions.cache import ACTIVE_SECONDS, SessionCache
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, responding
from tests.support.timing import LEASE_SECONDS, ManualClock, until, warm

KEY = b"digest of a credential"


@pytest.fixture
def identity() -> Identity:
    return Identity.model_validate_json(json.dumps(FakeUser().as_json()))


@pytest.fixture
def wanted() -> list[float]:
    """When somebody found the lease old."""
    return []


@pytest.fixture
def cache(clock: ManualClock, wanted: list[float], identity: Identity) -> SessionCache:
    """With a lease and an entry."""
    cache = SessionCache(100, clock, lambda: wanted.append(clock.now))
    cache.start_generation()
    cache.renew_lease(clock(), LEASE_SECONDS)
    cache.keep(KEY, CheckResult(identity), cache.begin())
    return cache


@pytest.mark.parametrize(("age", "pings"), [(0.499 * LEASE_SECONDS, 0), (0.5 * LEASE_SECONDS, 1)])
def test_a_request_that_finds_the_lease_half_over_asks_for_the_next(
    cache: SessionCache, clock: ManualClock, wanted: list[float], age: float, pings: int
) -> None:
    clock.now += age

    assert cache.find(KEY) is not None
    assert len(wanted) == pings


def test_an_entry_is_used_until_the_lease_that_was_granted_has_run_out(cache: SessionCache, clock: ManualClock) -> None:
    clock.now += 0.999 * LEASE_SECONDS
    assert cache.holds(KEY)
    clock.now += 0.002 * LEASE_SECONDS
    assert cache.find(KEY) is None
    assert cache.counts.lease_misses == 1

    cache.renew_lease(clock(), 0.05)

    clock.now += 0.049
    assert cache.holds(KEY)
    clock.now += 0.002
    assert not cache.holds(KEY)


def test_the_loss_of_the_feed_ends_no_lease_and_a_new_connection_does(cache: SessionCache) -> None:
    cache.end_generation()
    assert cache.holds(KEY)

    cache.start_generation()

    assert not cache.holds(KEY)
    assert (cache.lease_age_seconds, len(cache)) == (float("inf"), 0)


def test_a_lease_that_is_dropped_lets_nobody_in(cache: SessionCache) -> None:
    cache.drop_lease()

    assert cache.find(KEY) is None


@pytest.mark.parametrize("use", ["hit", "check"])
def test_a_service_is_active_for_a_minute_after_a_request_of_somebody_signed_in(
    clock: ManualClock, cache: SessionCache, identity: Identity, use: str
) -> None:
    clock.now += ACTIVE_SECONDS
    assert not cache.is_active()
    cache.find(b"of nobody")
    assert not cache.is_active()

    if use == "check":
        cache.keep(KEY, CheckResult(identity), cache.begin())
    else:
        cache.renew_lease(clock(), LEASE_SECONDS)
        cache.find(KEY)

    clock.now += ACTIVE_SECONDS - 0.001
    assert cache.is_active()
    clock.now += 0.001
    assert not cache.is_active()


async def test_an_auth_server_that_is_restarted_within_the_lease_is_not_missed(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    await until(lambda: auth.metrics().lease_seconds == LEASE_SECONDS)

    auth_server.misbehave = responding(503)
    auth_server.feed.refuses_with = 503
    await auth_server.feed.drop()
    await until(lambda: not auth.metrics().feed_connected)
    assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
    auth_server.misbehave = auth_server.feed.refuses_with = None
    await until(lambda: auth.metrics().feed_connections_total == 2)

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 200


async def test_an_auth_server_that_stays_away_is_missed_when_the_lease_has_run_out(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    auth_server.feed.lease_ms = 200
    ada = auth_server.sign_in(FakeUser())
    async with running(create_service(auth)) as client:
        await warm(auth, client, ada.bearer)
        auth_server.misbehave = responding(503)
        auth_server.feed.refuses_with = 503
        await auth_server.feed.drop()

        await until(lambda: auth.metrics().lease_age_seconds >= auth.metrics().lease_seconds)

        assert (await client.get("/reports", headers=ada.bearer)).status_code == 503
