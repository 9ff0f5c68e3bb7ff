"""How a service takes the package in."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, WebSocket
from fastapi.responses import PlainTextResponse
from starlette.types import Message

from auth_sidecar import AuthError, AuthSidecar, CurrentUser, LifespanNotRun, SidecarSettings
from tests.support.example_service import ORIGIN, create_service, running, websocket_scope
from tests.support.fake_auth_server import INTERNAL_TOKEN, FakeAuthServer, FakeUser, hang

README = Path(__file__).parents[2] / "auth_sidecar" / "README.md"


async def test_the_readmes_ten_lines_protect_a_route(
    auth_server: FakeAuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = auth_server.sign_in(FakeUser())
    monkeypatch.setenv("AUTH_SERVER_URL", auth_server.url)
    monkeypatch.setenv("INTERNAL_TOKEN", INTERNAL_TOKEN)
    snippet = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert snippet is not None
    names: dict[str, Any] = {}
    exec(snippet[1], names)  # noqa: S102 - our own README

    async with running(names["app"]) as client:
        assert (await client.get("/reports")).status_code == 401
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200


async def test_it_runs_in_one_app_at_a_time(settings: SidecarSettings) -> None:
    auth = AuthSidecar(settings)
    async with running(create_service(auth)):
        with pytest.raises(RuntimeError, match="its own AuthSidecar"):
            async with running(create_service(auth)):
                pass

        assert auth.metrics().cache_entries == 0


async def test_a_request_that_is_under_way_when_the_service_stops_is_served(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    auth_server.misbehave = hang
    async with running(create_service(AuthSidecar(settings))) as client:
        request = asyncio.create_task(client.get("/reports", headers={"authorization": "Bearer x.y"}))
        await auth_server.asked(1)

    assert (await request).status_code == 503


async def test_it_runs_inside_a_lifespan_of_the_services_own(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    auth = AuthSidecar(settings)
    ada = auth_server.sign_in(FakeUser())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with auth.lifespan(app):
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def root(user: CurrentUser) -> str:
        return user.id

    async with running(app) as client:
        assert (await client.get("/", headers=ada.bearer)).json() == ada.id


async def test_mounted_apps_and_routers_are_covered(settings: SidecarSettings, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))
    app, mounted, router = FastAPI(lifespan=AuthSidecar(settings).lifespan), FastAPI(), APIRouter(prefix="/router")

    @mounted.get("/who")
    @router.get("/who")
    async def who(user: CurrentUser) -> str:
        return user.id

    app.include_router(router)
    app.mount("/mounted", mounted)

    async with running(app) as client:
        for path in ("/router/who", "/mounted/who"):
            response = await client.get(path, headers=ada.cookie)
            assert (response.json(), "set-cookie" in response.headers) == (ada.id, True)
            assert (await client.get(path)).json()["code"] == "SESSION_REQUIRED"


async def test_an_app_starts_again_after_it_was_stopped(settings: SidecarSettings, auth_server: FakeAuthServer) -> None:
    app = create_service(AuthSidecar(settings))
    ada = auth_server.sign_in(FakeUser())

    for _ in range(2):
        async with running(app) as client:
            assert (await client.get("/reports", headers=ada.bearer)).status_code == 200


async def test_without_the_lifespan_nobody_is_let_in_and_the_error_says_what_to_do(settings: SidecarSettings) -> None:
    app = create_service(AuthSidecar(settings))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        with pytest.raises(LifespanNotRun, match=r"FastAPI\(lifespan=auth\.lifespan\)"):
            await client.get("/reports")


async def test_a_service_may_word_refusals_itself(settings: SidecarSettings) -> None:
    app = create_service(AuthSidecar(settings))

    @app.exception_handler(AuthError)
    async def own(_request: Request, error: AuthError) -> PlainTextResponse:
        return PlainTextResponse(f"own words: {error.code}", error.status_code)

    async with running(app) as client:
        assert (await client.get("/reports")).text == "own words: SESSION_REQUIRED"


@pytest.mark.parametrize(
    ("origin", "outcome"), [(ORIGIN, "websocket.accept"), ("https://evil.example", 403), (None, 403)]
)
async def test_a_websocket_by_cookie_opens_only_for_a_page_of_ours(
    settings: SidecarSettings, auth_server: FakeAuthServer, origin: str | None, outcome: str | int
) -> None:
    ada = auth_server.sign_in(FakeUser())
    app = FastAPI(lifespan=AuthSidecar(settings).lifespan)

    @app.websocket("/live")
    async def live(websocket: WebSocket, _user: CurrentUser) -> None:
        await websocket.accept()
        await websocket.close()

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app):
        await app(websocket_scope({**ada.cookie, **({} if origin is None else {"origin": origin})}), receive, send)

    assert sent[0].get("status", sent[0]["type"]) == outcome


async def test_openapi_offers_bearer_and_cookie_for_both_kinds_of_route(settings: SidecarSettings) -> None:
    schema = create_service(AuthSidecar(settings)).openapi()

    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert schema["components"]["securitySchemes"]["sessionCookie"]["in"] == "cookie"
    for path in ("/reports", "/hello", "/session"):
        assert schema["paths"][path]["get"]["security"] == [{"bearer": []}, {"sessionCookie": []}]
        assert "parameters" not in schema["paths"][path]["get"]
