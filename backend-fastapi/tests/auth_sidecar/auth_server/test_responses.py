"""What a check adds to the response, whoever makes that response."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from auth_sidecar import AuthSidecar, CurrentUser, OptionalUser, SidecarSettings, User
from tests.support.example_service import running
from tests.support.fake_auth_server import COOKIE, FakeAuthServer, FakeUser


def create_service(auth: AuthSidecar) -> FastAPI:
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/value")
    async def value(user: CurrentUser) -> str:
        return user.id

    @app.get("/own-response")
    async def own_response(user: CurrentUser) -> Response:
        return PlainTextResponse(user.id, headers={"cache-control": "public, max-age=60", "vary": "accept"})

    @app.get("/stream")
    async def stream(user: CurrentUser) -> StreamingResponse:
        async def parts() -> AsyncGenerator[str]:
            yield user.id

        return StreamingResponse(parts())

    @app.get("/refuses")
    async def refuses(_user: CurrentUser) -> None:
        raise HTTPException(404)

    @app.get("/crashes")
    async def crashes(_user: CurrentUser) -> None:
        raise RuntimeError

    @app.get("/optional")
    async def optional(user: OptionalUser) -> bool:
        return user is None

    @app.get("/kept")
    async def kept(response: Response, user: CurrentUser) -> str:
        response.headers["cache-control"] = "private, max-age=60"
        response.set_cookie("theme", "dark")
        return user.id

    @app.get("/public")
    async def public() -> str:
        return "anybody"

    return app


@pytest.fixture
async def client(settings: SidecarSettings) -> AsyncGenerator[httpx.AsyncClient]:
    async with running(create_service(AuthSidecar(settings))) as client:
        yield client


async def test_a_renewed_cookie_reaches_the_browser_though_the_app_user_cannot_be_loaded(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    async def fail(_user: User) -> object:
        raise HTTPException(503)

    ada = auth_server.sign_in(FakeUser(renews_cookie=True))
    async with running(create_service(AuthSidecar(settings, load_app_user=fail))) as client:
        response = await client.get("/value", headers=ada.cookie)

    assert response.status_code == 503
    assert response.headers["set-cookie"].startswith(ada.cookie["cookie"])
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/value", "/own-response", "/stream", "/refuses", "/crashes", "/optional", "/kept"])
async def test_a_renewed_cookie_reaches_the_browser_however_the_route_ends(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str
) -> None:
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))

    response = await client.get(path, headers=ada.cookie)

    renewed = [cookie for cookie in response.headers.get_list("set-cookie") if cookie.startswith(COOKIE)]
    assert renewed == [f"{ada.cookie['cookie']}; Max-Age=604800; Path=/; HttpOnly"]
    assert response.headers["cache-control"] == "private, no-store"


async def test_a_bearer_is_given_no_cookie(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))

    assert "set-cookie" not in (await client.get("/value", headers=ada.bearer)).headers


async def test_nobodys_cookie_reaches_another_request(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    renewed, plain = auth_server.sign_in(FakeUser(renews_cookie=True)), auth_server.sign_in(FakeUser())

    responses = await asyncio.gather(*(client.get("/value", headers=p.cookie) for p in [renewed, plain] * 50))

    for user, response in zip([renewed, plain] * 50, responses, strict=True):
        assert response.json() == user.id
        assert ("set-cookie" in response.headers) == user.renews_cookie
    assert {question["cookie"] for question in auth_server.received} == {
        renewed.cookie["cookie"],
        plain.cookie["cookie"],
    }


@pytest.mark.parametrize("path", ["/value", "/own-response", "/stream", "/refuses", "/crashes", "/optional"])
@pytest.mark.parametrize("is_signed_in", [True, False])
async def test_no_shared_cache_may_keep_a_response_about_a_user(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str, is_signed_in: bool
) -> None:
    ada = auth_server.sign_in(FakeUser())

    response = await client.get(path, headers=ada.bearer if is_signed_in else {})

    assert response.headers["cache-control"] == "private, no-store"
    assert {"Cookie", "Authorization"} <= set(response.headers["vary"].split(", "))


async def test_a_route_may_let_the_browser_itself_keep_its_response(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    assert (await client.get("/kept", headers=ada.cookie)).headers["cache-control"] == "private, max-age=60"


async def test_a_response_for_everybody_is_left_alone(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))

    response = await client.get("/public", headers=ada.cookie)

    assert not {"set-cookie", "cache-control", "vary"} & set(response.headers)
    assert auth_server.received == []


async def test_several_dependencies_ask_once(settings: SidecarSettings, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth = AuthSidecar(settings)
    app = FastAPI(lifespan=auth.lifespan)

    async def audit(user: OptionalUser) -> str:
        return "nobody" if user is None else user.id

    @app.get("/both")
    async def both(user: CurrentUser, audited: Annotated[str, Depends(audit)]) -> list[str]:
        return [user.id, audited]

    async with running(app) as client:
        assert (await client.get("/both", headers=ada.bearer)).json() == [ada.id, ada.id]

    assert len(auth_server.received) == 1
