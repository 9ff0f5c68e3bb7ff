"""A service with WebSockets that are told when their session ends, and a client for them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, WebSocket
from starlette.types import Message

from auth_sidecar import AuthSidecar, CurrentUser, OptionalUser, on_session_end
from tests.support.example_service import ORIGIN
from tests.support.fake_auth_server import FakeUser


def create_service(auth: AuthSidecar) -> FastAPI:
    """Routes that stay open, and one that does not."""
    app = FastAPI(lifespan=auth.lifespan)

    @app.websocket("/live")
    async def live(socket: WebSocket, _user: CurrentUser) -> None:
        await socket.accept()

        async def leave() -> None:
            await socket.close(4401, "session ended")

        on_session_end(socket, leave)
        async for text in socket.iter_text():
            await socket.send_text(text)

    @app.websocket("/broken")
    async def broken(socket: WebSocket, _user: CurrentUser) -> None:
        await socket.accept()

        def fail() -> None:
            raise RuntimeError("no more")

        on_session_end(socket, fail)
        async for _ in socket.iter_text():
            pass

    @app.get("/reports")
    async def reports(user: CurrentUser) -> str:
        return user.id

    @app.get("/nobody")
    async def nobody(request: Request, _user: OptionalUser) -> None:
        on_session_end(request, lambda: None)

    return app


class Socket:
    """A client's end of a WebSocket, without a server in between."""

    def __init__(self) -> None:
        self.to_app: asyncio.Queue[Message] = asyncio.Queue()
        self.from_app: asyncio.Queue[Message] = asyncio.Queue()

    async def next(self) -> Message:
        """What the route sends."""
        async with asyncio.timeout(20):
            return await self.from_app.get()

    async def echo(self) -> str:
        """Goes to the route and back: what was put in the loop before has happened since."""
        await self.to_app.put({"type": "websocket.receive", "text": "x"})
        return (await self.next())["text"]


@asynccontextmanager
async def connected(app: FastAPI, user: FakeUser, path: str = "/live") -> AsyncGenerator[Socket]:
    """An accepted WebSocket of this user's browser."""
    socket = Socket()
    headers = [(name.encode(), value.encode()) for name, value in {**user.cookie, "origin": ORIGIN}.items()]
    scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "subprotocols": []}
    await socket.to_app.put({"type": "websocket.connect"})
    serving = asyncio.create_task(app(scope, socket.to_app.get, socket.from_app.put))
    try:
        assert (await socket.next())["type"] == "websocket.accept"
        yield socket
    finally:
        await socket.to_app.put({"type": "websocket.disconnect", "code": 1000})
        await serving
