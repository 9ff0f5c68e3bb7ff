"""Who renews the lease: requests, a timer while there are any, and nobody when there are none."""

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest

from auth_sidecar import SidecarSettings
from auth_sidecar.auth_server.feed import Feed
from auth_sidecar.auth_server.feed_connection import renewal_seconds
from auth_sidecar.auth_server.http import open_http
from auth_sidecar.check_result import CheckResult
from auth_sidecar.identity import Identity
from auth_sidecar.sessions.cache import ACTIVE_SECONDS, SessionCache
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.fake_feed import FakeFeed
from tests.support.timing import ManualClock, until

KEY = b"digest of a credential"


@pytest.mark.parametrize(("lease", "renewal"), [(0.05, None), (0.5, None), (0.6, 0.5), (2, 1), (10, 5)])
def test_a_lease_is_renewed_at_half_of_its_time_and_at_most_twice_a_second(lease: float, renewal: float | None) -> None:
    assert renewal_seconds(lease) == renewal


@pytest.fixture
def fake(auth_server: FakeAuthServer) -> FakeFeed:
    """Whose leases are short, so that a renewal does not take long."""
    auth_server.feed.lease_ms = 600
    return auth_server.feed


@pytest.fixture
async def cache(settings: SidecarSettings, clock: ManualClock, fake: FakeFeed) -> AsyncGenerator[SessionCache]:
    """Of a running feed, with the lease that it was told. Its clock stands still."""
    async with open_http(settings) as http:
        feed = Feed(http, settings, clock)
        cache = SessionCache(10, clock, feed.want_lease)
        running = asyncio.create_task(feed.run((cache,), cache))
        await until(lambda: cache.lease_seconds == 0.6 and fake.pings > 0)
        yield cache
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def keep(cache: SessionCache) -> None:
    """What comes of a request by somebody who is signed in."""
    identity = Identity.model_validate_json(json.dumps(FakeUser().as_json()))
    assert cache.keep(KEY, CheckResult(identity), cache.begin())


async def longer_than_a_renewal() -> None:
    began_at = asyncio.get_running_loop().time()
    await until(lambda: asyncio.get_running_loop().time() > began_at + 0.6)


async def test_while_there_are_requests_the_lease_is_renewed_before_one_finds_it_old(
    cache: SessionCache, fake: FakeFeed
) -> None:
    keep(cache)

    await fake.pinged(fake.pings + 2)


async def test_nobody_renews_it_a_minute_after_the_last_request_until_there_is_one(
    cache: SessionCache, fake: FakeFeed, clock: ManualClock
) -> None:
    keep(cache)
    clock.now += ACTIVE_SECONDS
    pings = fake.pings

    await longer_than_a_renewal()

    assert fake.pings == pings
    assert cache.find(KEY) is None
    await until(lambda: cache.holds(KEY))
    assert fake.pings == pings + 1


async def test_nobody_renews_the_lease_of_a_service_that_was_never_used(cache: SessionCache, fake: FakeFeed) -> None:
    pings = fake.pings

    await longer_than_a_renewal()

    assert (fake.pings, cache.is_active()) == (pings, False)


async def test_a_lease_counts_from_the_sending_of_its_ping(
    cache: SessionCache, fake: FakeFeed, clock: ManualClock
) -> None:
    fake.is_silent = True
    pings, sent_at = fake.pings, clock.now
    keep(cache)
    await fake.pinged(pings + 1)
    clock.now += 0.4

    await fake.tell({"type": "pong", "id": pings + 1})
    await fake.tell({"type": "revoke", "user": "somebody else"})
    await until(lambda: cache.counts.revocations == 1)

    assert cache.lease_age_seconds == clock.now - sent_at


async def test_the_lease_is_dropped_when_the_auth_server_is_told_that_the_service_stops(
    settings: SidecarSettings, fake: FakeFeed, clock: ManualClock
) -> None:
    async with open_http(settings) as http:
        feed = Feed(http, settings, clock)
        cache = SessionCache(10, clock, feed.want_lease)
        running = asyncio.create_task(feed.run((cache,), cache))
        await until(lambda: cache.lease_seconds == 0.6)
        keep(cache)
        running.cancel()

        await fake.received("bye")

        assert not cache.holds(KEY)
        await asyncio.gather(running, return_exceptions=True)
