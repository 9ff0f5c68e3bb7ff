"""A revocation during a check counts: the auth server is asked again."""

import asyncio

import httpx
import pytest
from aiohttp import web

from auth_sidecar import AuthSidecar, SidecarSettings, User
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, responding
from tests.support.timing import until, warm


async def test_a_response_that_a_revocation_overtook_is_not_used(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    """The auth server has read the session, the session is ended, and only then the old response arrives."""
    bob, ada = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    await warm(auth, client, bob.bearer)
    is_released = asyncio.Event()

    async def respond_late(_request: web.Request) -> web.StreamResponse:
        auth_server.misbehave = None
        await is_released.wait()
        return web.json_response(ada.as_json())

    auth_server.misbehave = respond_late
    asked = len(auth_server.received)
    request = asyncio.create_task(client.get("/reports", headers=ada.bearer))
    await auth_server.asked(asked + 1)
    await auth_server.sign_out(ada)
    is_released.set()

    assert (await request).json()["code"] == "SESSION_EXPIRED"
    assert len(auth_server.received) == asked + 2


async def test_a_user_who_is_changed_all_the_time_is_let_in_and_not_kept(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    bob, ada = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    await warm(auth, client, bob.bearer)
    entries = auth.metrics().cache_entries

    async def change_meanwhile(request: web.Request) -> web.StreamResponse:
        revocations = auth.metrics().feed_revocations_total
        await auth_server.change(ada)
        await until(lambda: auth.metrics().feed_revocations_total > revocations)
        return await auth_server.handle_well(request)

    auth_server.misbehave = change_meanwhile
    asked = len(auth_server.received)

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
    assert len(auth_server.received) == asked + 3
    assert auth.metrics().cache_entries == entries


async def test_a_response_that_arrives_after_the_feed_was_replaced_is_asked_for_again(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    bob, ada = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser(renews_cookie=True))
    await warm(auth, client, bob.bearer)
    is_released = asyncio.Event()
    old_response = ada.as_json()

    async def respond_late(_request: web.Request) -> web.StreamResponse:
        auth_server.misbehave = None
        await is_released.wait()
        return web.json_response(old_response)

    auth_server.misbehave = respond_late
    request = asyncio.create_task(client.get("/reports", headers=ada.cookie))
    await auth_server.asked(len(auth_server.received) + 1)
    await auth_server.feed.drop()
    ada.refused_with = "SESSION_EXPIRED"
    await until(lambda: auth.metrics().feed_connections_total == 2 and auth.metrics().feed_connected == 1)
    is_released.set()

    assert (await request).json()["code"] == "SESSION_EXPIRED"


async def test_a_cookie_that_was_renewed_by_an_overtaken_response_reaches_the_browser(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    bob, ada = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser(renews_cookie=True))
    await warm(auth, client, bob.bearer)

    async def change_meanwhile(request: web.Request) -> web.StreamResponse:
        auth_server.misbehave = None
        response = await auth_server.handle_well(request)
        ada.renews_cookie = False
        await auth_server.change(ada)
        await until(lambda: auth.metrics().feed_revocations_total == 1)
        return response

    auth_server.misbehave = change_meanwhile
    asked = len(auth_server.received)

    response = await client.get("/reports", headers=ada.cookie)

    assert len(auth_server.received) == asked + 2
    assert response.headers["set-cookie"].startswith(ada.cookie["cookie"])


@pytest.mark.parametrize("kind", ["cookie", "bearer"])
async def test_a_cookie_that_was_renewed_reaches_the_browser_though_the_question_cannot_be_repeated(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, kind: str
) -> None:
    bob, ada = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser(renews_cookie=True))
    await warm(auth, client, bob.bearer)

    async def change_and_go_away(request: web.Request) -> web.StreamResponse:
        auth_server.misbehave = responding(503)
        await auth_server.change(ada)
        await until(lambda: auth.metrics().feed_revocations_total == 1)
        return await auth_server.handle_well(request)

    auth_server.misbehave = change_and_go_away

    response = await client.get("/reports", headers=getattr(ada, kind))

    renewed = [cookie.startswith(ada.cookie["cookie"]) for cookie in response.headers.get_list("set-cookie")]
    assert (response.status_code, response.json()["code"]) == (503, "AUTH_SERVER_UNAVAILABLE")
    assert response.headers["retry-after"] == "1"
    assert renewed == ([True] if kind == "cookie" else [])


async def test_a_loader_that_takes_its_time_costs_the_repeated_question_none(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    now = asyncio.get_running_loop().time
    loaded: list[str] = []

    async def load(user: User) -> object:
        loaded.append(user.name)
        if len(loaded) == 1:
            began_at = now()
            await auth_server.change(ada, name="Grace")
            await until(lambda: now() > began_at + settings.sidecar_timeout_seconds)
        return user.name

    settings = settings.model_copy(update={"sidecar_timeout_seconds": 0.5})
    auth = AuthSidecar(settings, load_app_user=load)
    async with running(create_service(auth)) as client:
        await until(lambda: auth.metrics().feed_connected == 1)

        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200

    assert loaded == ["Ada", "Grace"]
