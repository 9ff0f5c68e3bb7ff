"""An unavailable auth server is not asked by every request."""

import asyncio

import httpx
import pytest

from auth_sidecar import AuthServerUnavailable, AuthSidecar, SidecarSettings
from auth_sidecar.auth_server.breaker import FAILURES, OPEN_SECONDS, Breaker
from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.auth_server.http import open_http
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, hang, reset, responding


class Seconds:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def opened(clock: Seconds) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.admit()
        breaker.fail()
    return breaker


def test_it_stays_closed_while_some_succeed(clock: Seconds) -> None:
    breaker = Breaker(clock)
    for _ in range(3 * FAILURES):
        for _ in range(FAILURES - 1):
            breaker.fail()
        breaker.succeed()

    assert breaker.admit()
    assert breaker.times_opened == 0


def test_open_it_admits_nobody_and_later_one_at_a_time(opened: Breaker, clock: Seconds) -> None:
    assert not opened.admit()

    clock.now += 2 * OPEN_SECONDS

    assert [opened.admit() for _ in range(3)] == [True, False, False]


def test_the_one_who_tries_decides(opened: Breaker, clock: Seconds) -> None:
    clock.now += 2 * OPEN_SECONDS
    opened.admit()
    opened.fail()
    assert not opened.admit()

    clock.now += 2 * OPEN_SECONDS
    opened.admit()
    opened.succeed()

    assert [opened.admit() for _ in range(3)] == [True, True, True]
    assert opened.times_opened == 1


def test_one_who_gives_up_leaves_the_try_to_the_next(opened: Breaker, clock: Seconds) -> None:
    clock.now += 2 * OPEN_SECONDS
    opened.admit()

    opened.abandon()

    assert opened.admit()


@pytest.fixture
def timeout_seconds() -> float:
    """Patient where no time is tested: a busy machine is no outage."""
    return 10


@pytest.fixture
def settings(settings: SidecarSettings, timeout_seconds: float) -> SidecarSettings:
    return settings.model_copy(update={"sidecar_timeout_seconds": timeout_seconds})


@pytest.mark.parametrize(
    ("outage", "timeout_seconds"),
    [(hang, 0.2), (reset, 10), (responding(502), 10), (responding(503), 10), (responding(504), 10)],
)
async def test_after_some_failures_requests_are_refused_without_asking_until_it_responds_again(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, outage: object
) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth_server.misbehave = outage  # pyright: ignore[reportAttributeAccessIssue] - one of the outages above
    for _ in range(FAILURES):
        await client.get("/reports", headers=ada.bearer)
    asked = len(auth_server.received)

    response = await client.get("/reports", headers=ada.bearer)

    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert len(auth_server.received) == asked
    assert auth.metrics().breaker_open == 1
    auth_server.misbehave = None
    async with asyncio.timeout(20):
        while (await client.get("/reports", headers=ada.bearer)).status_code != 200:
            pass
    assert (auth.metrics().breaker_open, auth.metrics().breaker_opened_total) == (0, 1)


async def test_waiting_in_vain_for_a_free_place_is_no_outage(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    """The one who has it keeps it for longer than the others can wait."""
    auth_server.misbehave = hang
    settings = settings.model_copy(update={"sidecar_max_concurrency": 1})
    async with open_http(settings) as http:
        asking = AuthServerClient(http, settings)
        first = asyncio.create_task(asking.identify(b"Bearer a.b", None, asking.new_deadline()))
        await auth_server.asked(1)
        soon = asyncio.get_running_loop().time() + 0.1
        others = [asking.identify(b"Bearer %d.b" % number, None, soon) for number in range(3 * FAILURES)]
        outcomes = await asyncio.gather(*others, return_exceptions=True)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [AuthServerUnavailable] * len(others)
    assert len(auth_server.received) == 1
    assert asking.breaker.times_opened == 0


async def test_a_try_that_is_given_up_does_not_keep_the_next_one_from_trying(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth_server.misbehave = responding(503)
    for _ in range(FAILURES):
        await client.get("/reports", headers=ada.bearer)
    asked = len(auth_server.received)
    auth_server.misbehave = hang
    trying = asyncio.create_task(client.get("/reports", headers=ada.bearer))
    async with asyncio.timeout(20):
        while len(auth_server.received) == asked:
            await asyncio.wait([trying], timeout=0.05)
            if trying.done():  # turned away: it was not time yet
                trying = asyncio.create_task(client.get("/reports", headers=ada.bearer))
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    auth_server.misbehave = None

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
    assert auth.metrics().breaker_open == 0


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
async def test_a_response_about_one_request_refuses_no_other(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, status: int
) -> None:
    auth_server.misbehave = responding(status)
    for _ in range(2 * FAILURES):
        await client.get("/reports", headers={"authorization": "Bearer x.y"})

    assert len(auth_server.received) == 2 * FAILURES
