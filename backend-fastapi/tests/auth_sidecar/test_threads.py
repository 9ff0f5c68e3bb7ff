"""`def` routes and a service's own threads: nothing that is kept is touched on another thread than the event loop's."""

import asyncio
import threading

import httpx
import pytest
from fastapi import FastAPI, Request

from auth_sidecar import AuthSidecar, CurrentUser, LifespanNotRun, User, on_session_end
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import warm


async def test_a_thread_that_forgets_a_user_waits_until_the_event_loop_has_done_it(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)

    is_done = threading.Event()

    def forget() -> None:
        auth.forget_user(ada.id)
        is_done.set()

    forgetting = asyncio.get_running_loop().run_in_executor(None, forget)
    assert not is_done.wait(0.05)  # the loop is busy here, and must find what it left
    assert auth.metrics().cache_entries == 1
    await forgetting

    assert auth.metrics().cache_entries == 0


async def test_on_the_event_loop_a_user_is_forgotten_at_once(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)

    auth.forget_user(ada.id)

    assert auth.metrics().cache_entries == 0


async def test_what_a_def_route_has_forgotten_is_loaded_again(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())
    loaded: list[User] = []

    async def load(user: User) -> object:
        loaded.append(user)
        return user.id

    auth = AuthSidecar(auth.settings, load_app_user=load)
    app = create_service(auth)

    @app.post("/rename")
    def rename(user: CurrentUser) -> None:
        auth.forget_user(user.id)

    async with running(app) as client:
        await warm(auth, client, ada.bearer)
        await client.post("/rename", headers=ada.bearer)
        before = len(loaded)
        await client.get("/reports", headers=ada.bearer)

    assert len(loaded) == before + 1


async def test_nobody_is_forgotten_on_any_thread_without_the_lifespan(auth: AuthSidecar) -> None:
    with pytest.raises(LifespanNotRun):
        await asyncio.to_thread(auth.forget_user, "u1")


async def test_a_def_route_cannot_wait_for_the_end_of_a_session_and_leaves_nothing_behind(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/on-a-thread")
    def on_a_thread(request: Request, _user: CurrentUser) -> str:
        with pytest.raises(RuntimeError) as raised:
            on_session_end(request, lambda: None)
        return str(raised.value)

    async with running(app) as client:
        response = await client.get("/on-a-thread", headers=ada.cookie)

        assert response.json() == "on_session_end() is for `async def` routes and dependencies"
        assert auth.metrics().watched_sessions == 0
