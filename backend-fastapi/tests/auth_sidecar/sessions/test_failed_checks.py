"""What a question fails with reaches every request that waited for it, as if each had asked alone."""

import asyncio
import gc
import traceback
from collections.abc import AsyncGenerator
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse

from auth_sidecar import AuthError, AuthSidecar, CurrentUser, OptionalUser, User, current_app_user
from tests.support.example_service import running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import until

CROWD = 10


class Loader:
    """A LoadAppUser with a bug, which shows when it is let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.is_let_go = asyncio.Event()

    async def __call__(self, _user: User) -> object:
        self.calls += 1
        await self.is_let_go.wait()
        raise ValueError("a bug")


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def depths() -> list[int]:
    """How many frames the traceback of each failure had when the service responded."""
    return []


@pytest.fixture
def auth(auth: AuthSidecar, loader: Loader) -> AuthSidecar:
    return AuthSidecar(auth.settings, load_app_user=loader)


@pytest.fixture
async def client(auth: AuthSidecar, depths: list[int]) -> AsyncGenerator[httpx.AsyncClient]:
    app = FastAPI(lifespan=auth.lifespan)

    def work_on_a_thread() -> None:
        """So that the requests of a crowd take turns."""

    @app.exception_handler(ValueError)
    @app.exception_handler(AuthError)
    async def response(_request: Request, error: Exception) -> PlainTextResponse:
        depths.append(len(traceback.extract_tb(error.__traceback__)))
        return PlainTextResponse("failed", error.status_code if isinstance(error, HTTPException) else 500)

    @app.get("/reports")
    async def reports(user: CurrentUser) -> str:
        return user.id

    @app.get("/twice")
    async def twice(_user: OptionalUser, _: Annotated[None, Depends(work_on_a_thread)], user: CurrentUser) -> str:
        return user.id

    @app.get("/insists")
    async def insists(request: Request) -> None:
        for _ in range(2):
            with pytest.raises(ValueError, match="a bug"):
                await current_app_user(request)

    async with running(app) as client:
        yield client


async def test_what_loading_raises_is_as_long_in_the_log_for_the_last_request_as_for_the_first(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, loader: Loader, depths: list[int]
) -> None:
    ada = auth_server.sign_in(FakeUser())
    requests = [asyncio.create_task(client.get("/reports", headers=ada.cookie)) for _ in range(CROWD)]
    await until(lambda: auth.metrics().cache_misses_total == CROWD)

    loader.is_let_go.set()

    assert [(await request).status_code for request in requests] == [500] * CROWD
    assert len(depths) == CROWD
    assert len(set(depths)) == 1


async def test_a_refusal_that_a_crowd_shares_does_not_grow_when_it_is_raised_again(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, depths: list[int]
) -> None:
    gone = auth_server.sign_in(FakeUser(refused_with="SESSION_EXPIRED"))

    responses = await asyncio.gather(*(client.get("/twice", headers=gone.cookie) for _ in range(CROWD)))

    assert {response.status_code for response in responses} == {401}
    assert len(depths) == CROWD
    assert len(set(depths)) == 1


async def test_what_loading_raises_is_raised_again_within_a_request_without_loading_again(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, loader: Loader
) -> None:
    ada = auth_server.sign_in(FakeUser())
    loader.is_let_go.set()

    assert (await client.get("/insists", headers=ada.cookie)).status_code == 200
    assert (loader.calls, len(auth_server.received)) == (1, 1)


async def test_what_loading_raises_after_its_request_was_given_up_troubles_nobody(
    auth: AuthSidecar, auth_server: FakeAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Cleaning up may fail, with a connection that is closed already."""
    is_loading, is_over = asyncio.Event(), asyncio.Event()

    async def load(_user: User) -> object:
        is_loading.set()
        try:
            await asyncio.Event().wait()
        finally:
            is_over.set()
            raise ConnectionError
        raise AssertionError

    auth = AuthSidecar(auth.settings, load_app_user=load)
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/reports")
    async def reports(user: CurrentUser) -> str:
        return user.id

    ada = auth_server.sign_in(FakeUser())
    async with running(app) as client:
        request = asyncio.create_task(client.get("/reports", headers=ada.cookie))
        await is_loading.wait()
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        await is_over.wait()

    del request
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
