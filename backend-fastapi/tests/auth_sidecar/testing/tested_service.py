"""A service as its developers test it, and a client for tests that are no coroutines."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import Depends, FastAPI, Request, WebSocket
from fastapi.responses import StreamingResponse

from auth_sidecar import AuthSidecar, CurrentUser, OptionalUser, current_app_user, on_session_end, require


def plain_function(user: CurrentUser) -> str:
    return user.id


async def home(user: OptionalUser) -> str:
    return user.name if user else "guest"


async def app_user(app_user: Annotated[object, Depends(current_app_user)]) -> object:
    return app_user


def create_service(auth: AuthSidecar) -> FastAPI:
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/me")
    @app.post("/me")
    async def me(user: CurrentUser) -> str:
        return user.id

    for route in (plain_function, home, app_user):
        app.add_api_route(f"/{route.__name__.replace('_', '-')}", route)
    for name, guard in {
        "verified": require(verified=True),
        "fresh": require(fresh=timedelta(hours=1)),
        "second-factor": require(second_factor=True),
    }.items():
        app.add_api_route(f"/{name}", lambda: "yes", dependencies=[Depends(guard)])

    @app.get("/events")
    async def events(request: Request, user: CurrentUser) -> StreamingResponse:
        ended: list[str] = []
        on_session_end(request, lambda: ended.append("signed-out"))

        async def stream() -> AsyncGenerator[str]:
            yield f"hello {user.name}\n"
            while not ended:  # noqa: ASYNC110 - as an app that looks for the next event
                await asyncio.sleep(0.001)
            yield f"{ended}\n"

        return StreamingResponse(stream())

    @app.websocket("/live")
    async def live(socket: WebSocket, user: CurrentUser) -> None:
        await socket.accept()
        on_session_end(socket, lambda: socket.close(4401, "session ended"))
        await socket.send_text(user.id)
        async for text in socket.iter_text():
            await socket.send_text(text)

    return app


class BlockingClient:
    """As TestClient does it: the app runs in an event loop on another thread."""

    def __init__(self, portal: BlockingPortal, app: FastAPI) -> None:
        self._portal = portal
        self._app = app

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._portal.call(self._get, path, headers)

    async def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.get(path, headers=headers)


@contextmanager
def blocking(app: FastAPI, *, with_lifespan: bool) -> Generator[BlockingClient]:
    with start_blocking_portal() as portal:
        if not with_lifespan:
            yield BlockingClient(portal, app)
            return
        with portal.wrap_async_context_manager(app.router.lifespan_context(app)):
            yield BlockingClient(portal, app)
