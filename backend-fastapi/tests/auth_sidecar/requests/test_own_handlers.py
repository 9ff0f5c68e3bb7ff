"""A service with its own error format renders our refusals in it too, wherever they come from."""

from collections.abc import Awaitable, Callable

import pytest
import starlette.exceptions
from fastapi import FastAPI, HTTPException, Request, Response, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth_sidecar import (
    AuthError,
    AuthSidecar,
    CurrentUser,
    OptionalUser,
    SidecarSettings,
    Unauthenticated,
    current_user,
    optional_user,
)
from tests.support.example_service import create_service, running, websocket_scope
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, responding

FOREIGN = {"cookie": "better-auth.session_token=x.y", "origin": "https://evil.example"}


def own(_request: Request, error: HTTPException) -> JSONResponse:
    body = {"own": error.status_code, "detail": error.detail}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


@pytest.mark.parametrize("kind", [HTTPException, starlette.exceptions.HTTPException, AuthError])
async def test_a_handler_of_the_services_own_gets_every_refusal(
    settings: SidecarSettings, auth_server: FakeAuthServer, kind: type[Exception]
) -> None:
    app = create_service(AuthSidecar(settings))
    app.add_exception_handler(kind, own)  # pyright: ignore[reportArgumentType] - as FastAPI's documentation has it

    async with running(app) as client:
        nobody = await client.get("/reports")
        foreign = await client.post("/reports", headers=FOREIGN)
        auth_server.misbehave = responding(500)
        unknown = await client.get("/reports", headers={"authorization": "Bearer x.y"})

    assert nobody.json() == {"own": 401, "detail": {"code": "SESSION_REQUIRED", "message": "Sign in first."}}
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    assert (foreign.status_code, foreign.json()["own"]) == (403, 403)
    assert (unknown.status_code, unknown.json()["own"], unknown.headers["retry-after"]) == (503, 503, "1")
    for response in (nobody, foreign, unknown):
        assert response.headers["cache-control"] == "private, no-store"


def saying(words: str) -> Callable[[Request, Exception], PlainTextResponse]:
    def handle(_request: Request, _error: Exception) -> PlainTextResponse:
        return PlainTextResponse(words, 418)

    return handle


async def test_the_most_special_handler_counts(settings: SidecarSettings, auth_server: FakeAuthServer) -> None:
    app = create_service(AuthSidecar(settings))
    for kind, words in {HTTPException: "any", AuthError: "refusal", Unauthenticated: "nobody", 503: "later"}.items():
        app.add_exception_handler(kind, saying(words))

    async with running(app) as client:
        assert (await client.get("/reports")).text == "nobody"
        assert (await client.post("/reports", headers=FOREIGN)).text == "refusal"
        auth_server.misbehave = responding(500)
        assert (await client.get("/reports", headers={"authorization": "Bearer x.y"})).text == "later"


async def test_a_mounted_app_has_handlers_of_its_own(settings: SidecarSettings) -> None:
    app, with_own, without = create_service(AuthSidecar(settings)), FastAPI(), FastAPI()
    with_own.add_exception_handler(HTTPException, own)  # pyright: ignore[reportArgumentType] - as above

    @with_own.get("/who")
    @without.get("/who")
    async def who(user: CurrentUser) -> str:
        return user.id

    async def plain_who(request: Request) -> Response:
        return PlainTextResponse((await current_user(request)).id)

    app.mount("/own", with_own)
    app.mount("/without", without)
    app.mount("/starlette", Starlette(routes=[Route("/who", plain_who)]))

    async with running(app) as client:
        assert (await client.get("/own/who")).json()["own"] == 401
        for path in ("/reports", "/without/who", "/starlette/who"):
            assert (await client.get(path)).json() == {"code": "SESSION_REQUIRED", "message": "Sign in first."}


def refusing_service(auth: AuthSidecar) -> FastAPI:
    """Everything in it is for users only, which a middleware sees to."""
    app = FastAPI(lifespan=auth.lifespan)

    @app.middleware("http")
    async def only_users(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.url.path == "/caught":
            try:
                await current_user(request)
            except AuthError:
                return PlainTextResponse("caught", 500)
        await current_user(request)
        return await call_next(request)

    @app.get("/")
    async def root(user: OptionalUser) -> str | None:
        return None if user is None else user.id

    return app


async def test_a_middleware_of_the_services_own_may_refuse(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))

    async with running(refusing_service(AuthSidecar(settings))) as client:
        refused, welcome = await client.get("/"), await client.get("/", headers=ada.cookie)
        assert (await client.get("/caught")).text == "caught"

    assert (refused.status_code, refused.json()["code"]) == (401, "SESSION_REQUIRED")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["cache-control"] == "private, no-store"
    assert (welcome.json(), "set-cookie" in welcome.headers) == (ada.id, True)
    assert len(auth_server.received) == 1


async def test_what_a_middleware_refuses_is_one_response(settings: SidecarSettings) -> None:
    """Starlette's 500, which was held back, does not follow it."""
    app = refusing_service(AuthSidecar(settings))
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    async with running(app):
        await app(scope, receive, send)

    assert [message.get("status") for message in sent if message["type"] == "http.response.start"] == [401]
    assert sum(message["type"] == "http.response.body" for message in sent) == 1


async def test_what_a_middleware_refuses_reaches_the_services_own_handler(settings: SidecarSettings) -> None:
    app = refusing_service(AuthSidecar(settings))
    app.add_exception_handler(HTTPException, own)  # pyright: ignore[reportArgumentType] - as above

    async with running(app) as client:
        assert (await client.get("/")).json()["own"] == 401


async def test_a_crash_is_still_a_crash(settings: SidecarSettings) -> None:
    app = FastAPI(lifespan=AuthSidecar(settings).lifespan)

    @app.middleware("http")
    async def look(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        assert await optional_user(request) is None
        return await call_next(request)

    @app.get("/")
    async def root() -> None:
        raise RuntimeError

    async with running(app) as client:
        response = await client.get("/")

    assert (response.status_code, response.text) == (500, "Internal Server Error")


async def test_a_handler_of_crashes_may_handle_what_a_middleware_refuses(settings: SidecarSettings) -> None:
    app = refusing_service(AuthSidecar(settings))
    app.add_exception_handler(Exception, saying("crash"))

    async with running(app) as client:
        assert (await client.get("/")).text == "crash"


class OnlyUsers:
    """Pure ASGI middleware, for WebSockets too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await current_user(HTTPConnection(scope))
        await self.app(scope, receive, send)


@pytest.mark.parametrize("is_refused_by_middleware", [True, False])
@pytest.mark.parametrize("has_own_handler", [True, False])
async def test_a_websocket_is_refused_as_a_request_is(
    settings: SidecarSettings, is_refused_by_middleware: bool, has_own_handler: bool
) -> None:
    app = FastAPI(lifespan=AuthSidecar(settings).lifespan)
    if has_own_handler:
        app.add_exception_handler(HTTPException, own)  # pyright: ignore[reportArgumentType] - as above
    if is_refused_by_middleware:
        app.add_middleware(OnlyUsers)

    @app.websocket("/live")
    async def live(socket: WebSocket, _user: CurrentUser) -> None:
        await socket.accept()

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app):
        await app(websocket_scope({}), receive, send)

    assert [message["type"] for message in sent] == ["websocket.http.response.start", "websocket.http.response.body"]
    assert (sent[0]["status"], b'"own":401' in sent[1]["body"]) == (401, has_own_handler)
    assert (b"cache-control", b"private, no-store") in sent[0]["headers"]
