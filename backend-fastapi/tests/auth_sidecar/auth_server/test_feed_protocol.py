"""This package's half of contract/lease.json. The auth server's is in auth-server/src/revocation/protocol.test.ts."""

import json
import math

import httpx
import pytest

from auth_sidecar import AuthSidecar
from auth_sidecar.auth_server.feed_connection import (
    FIRST_LEASE_SECONDS,
    MAX_LEASE_MS,
    MIN_LEASE_MS,
    PONG_SECONDS,
)
from tests.support.contract import read_contract
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import LEASE_SECONDS, until, warm

LEASE = read_contract("lease")
MESSAGES: dict[str, str] = LEASE["messages"]


def test_the_times_are_those_of_the_contract() -> None:
    times = {
        "minLeaseMs": MIN_LEASE_MS,
        "maxLeaseMs": MAX_LEASE_MS,
        "firstVersionLeaseMs": FIRST_LEASE_SECONDS * 1000,
        "pongTimeoutMs": PONG_SECONDS * 1000,
    }

    assert LEASE | times == LEASE


async def test_a_ping_and_its_pong_are_written_as_agreed(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    auth_server.feed.is_silent = True

    async with running(create_service(auth)):
        (ping,) = (await auth_server.feed.received("ping"))[:1]
        assert ping.text == MESSAGES["ping"]
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


async def test_what_came_before_a_sync_is_applied_when_its_reply_leaves(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser(id="ada"))
    await warm(auth, client, ada.bearer)

    await auth_server.feed.tell(MESSAGES["revokeUser"])
    await auth_server.feed.tell(MESSAGES["sync"])
    (synced,) = await auth_server.feed.received("synced")

    assert synced.text == MESSAGES["synced"]
    assert auth.metrics().cache_entries == 0


async def test_fresh_is_written_as_agreed_and_sent_once_for_each_connection(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    feed = auth_server.feed
    async with running(create_service(auth)):
        await feed.received("fresh")
        await feed.drop()
        await feed.received("fresh", 2)
    async with running(create_service(auth)):
        heard = await feed.received("fresh", 3)

    first, second, another = (json.loads(one.text) for one in heard)
    assert first == {**json.loads(MESSAGES["fresh"]), "process": first["process"]}
    assert heard[0].text == json.dumps(first, separators=(",", ":"))
    assert second == {**first, "n": 2}
    assert another["n"] == 1
    assert another["process"] != first["process"]
    assert [one.connection for one in heard] == [1, 2, 3]


async def test_the_cache_is_empty_when_fresh_is_sent_and_nothing_of_before_is_used_again(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    await warm(auth, client, auth_server.sign_in(FakeUser()).bearer)

    await auth_server.feed.drop()
    await auth_server.feed.received("fresh", 2)

    assert auth.metrics().cache_entries == 0


async def test_a_ping_that_was_sent_before_fresh_earns_the_first_lease_and_the_next_one_the_told_one(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    feed = auth_server.feed
    feed.lease_ms, feed.is_silent = None, True
    async with running(create_service(auth)):
        await feed.pinged()
        feed.lease_ms = 2000
        await feed.tell(MESSAGES["hello"])
        await feed.received("fresh")

        await feed.tell({"type": "pong", "id": 1})
        await feed.pinged(2)
        before = auth.metrics().lease_seconds
        await feed.tell({"type": "pong", "id": 2})
        await until(lambda: auth.metrics().lease_seconds == LEASE_SECONDS)

    assert before == FIRST_LEASE_SECONDS
    assert [heard.type for heard in feed.heard] == ["ping", "fresh", "ping", "bye"]


@pytest.mark.parametrize("lease_ms", [MIN_LEASE_MS - 1, MAX_LEASE_MS + 1, 2000.5, "2000", True, None])
async def test_a_hello_that_tells_no_lease_is_a_message_that_is_not_understood(
    auth: AuthSidecar, auth_server: FakeAuthServer, lease_ms: object
) -> None:
    auth_server.feed.lease_ms = None
    async with running(create_service(auth)):
        await auth_server.feed.pinged()
        await auth_server.feed.tell({"type": "hello", "lease_ms": lease_ms})

        await until(lambda: auth.metrics().feed_flushes_total == 1)
        assert auth_server.feed.heard_of("fresh") == []


async def test_a_second_hello_on_a_connection_changes_no_lease(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    async with running(create_service(auth)):
        await until(lambda: auth.metrics().lease_seconds == LEASE_SECONDS)
        await auth_server.feed.tell({"type": "hello", "lease_ms": 5000})

        await until(lambda: auth.metrics().feed_flushes_total == 1)
        assert len(auth_server.feed.heard_of("fresh")) == 1


async def test_an_auth_server_of_the_first_version_is_served_as_before(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    auth_server.feed.lease_ms = None
    ada = auth_server.sign_in(FakeUser())
    async with running(create_service(auth)) as client:
        await warm(auth, client, ada.bearer)
        assert auth.metrics().lease_seconds == FIRST_LEASE_SECONDS
        await auth_server.sign_out(ada)
        await until(lambda: auth.metrics().cache_entries == 0)

    await until(lambda: auth_server.feed.subscribers == 0)
    assert {heard.type for heard in auth_server.feed.heard} == {"ping"}
    assert auth_server.feed.connections == 1


async def test_a_service_that_stops_says_bye_last_and_on_its_connection(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    async with running(create_service(auth)):
        await until(lambda: auth.metrics().lease_seconds == LEASE_SECONDS)

    (bye,) = await auth_server.feed.received("bye")
    assert (bye.text, bye.connection) == (MESSAGES["bye"], 1)
    assert auth_server.feed.heard[-1] is bye
