"""Many checks at once: few are under way, the others wait a little or are refused, and none is lost."""

import asyncio

import pytest

from auth_sidecar import AuthSidecar, SidecarSettings
from auth_sidecar.auth_server.client import WAITING_PER_SLOT
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, hang


@pytest.fixture
def settings(settings: SidecarSettings) -> SidecarSettings:
    return settings.model_copy(update={"sidecar_timeout_seconds": 0.3})


async def test_a_hanging_auth_server_holds_few_checks_and_refuses_the_others_in_time(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    auth_server.misbehave = hang
    settings = settings.model_copy(update={"sidecar_max_concurrency": 2})

    async with running(create_service(AuthSidecar(settings))) as client:
        async with asyncio.timeout(5):  # one after the other, they would take 15
            responses = await asyncio.gather(
                *(client.get("/reports", headers={"authorization": f"Bearer x.{n}"}) for n in range(100))
            )

    assert {response.status_code for response in responses} == {503}
    assert auth_server.most_at_once <= 4  # twice the slots: it notices late that a caller hung up


async def test_when_too_many_wait_already_the_next_is_refused_at_once(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    auth_server.misbehave = hang
    settings = settings.model_copy(update={"sidecar_max_concurrency": 1, "sidecar_timeout_seconds": 20})

    async with running(create_service(AuthSidecar(settings))) as client:
        waiting = [
            asyncio.create_task(client.get("/reports", headers={"authorization": f"Bearer x.{n}"}))
            for n in range(1 + WAITING_PER_SLOT)
        ]
        await auth_server.asked(1)
        response = await asyncio.wait_for(client.get("/reports", headers={"authorization": "Bearer x.y"}), 5)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    assert (response.status_code, response.json()["code"]) == (503, "AUTH_SERVER_UNAVAILABLE")


async def test_a_burst_larger_than_the_slots_is_served(settings: SidecarSettings, auth_server: FakeAuthServer) -> None:
    users = [auth_server.sign_in(FakeUser()) for _ in range(60)]
    settings = settings.model_copy(update={"sidecar_max_concurrency": 4, "sidecar_timeout_seconds": 20})

    async with running(create_service(AuthSidecar(settings))) as client:
        responses = await asyncio.gather(*(client.get("/reports", headers=user.bearer) for user in users))

    assert [response.json()["reportsOf"] for response in responses] == [user.id for user in users]
    assert auth_server.most_at_once <= 4


async def test_requests_that_are_given_up_leave_no_slot_taken(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    settings = settings.model_copy(update={"sidecar_max_concurrency": 2, "sidecar_timeout_seconds": 20})

    async with running(create_service(AuthSidecar(settings))) as client:
        auth_server.misbehave = hang
        users = [auth_server.sign_in(FakeUser()) for _ in range(10)]
        given_up = [asyncio.create_task(client.get("/reports", headers=user.bearer)) for user in users]
        await auth_server.asked(2)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        auth_server.misbehave = None

        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
