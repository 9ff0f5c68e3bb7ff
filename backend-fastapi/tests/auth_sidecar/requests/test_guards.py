"""require(): who is signed in and lacks something is told what, and nobody else notices."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.types import Message

from auth_sidecar import AuthError, AuthSidecar, Identity, RequirementNotMet, User, require
from auth_sidecar.requests.dependencies import current_identity
from tests.auth_sidecar.requests.guarded_service import OF_EVERY_KIND, VERIFIED, Role, create_service
from tests.support.example_service import ORIGIN, running, websocket_scope
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, reset
from tests.support.timing import warm

EMAIL_NOT_VERIFIED = {"code": "EMAIL_NOT_VERIFIED", "message": "Verify your e-mail address first."}


async def load_app_user(user: User) -> str:
    return f"app user of {user.id}"


@pytest.fixture
def auth(auth: AuthSidecar) -> AuthSidecar:
    return AuthSidecar(auth.settings, load_app_user=load_app_user)


@pytest.fixture
def app(auth: AuthSidecar) -> FastAPI:
    return create_service(auth)


@pytest.fixture
async def client(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    async with running(app) as client:
        yield client


def unverified() -> FakeUser:
    return FakeUser(email_verified=False)


@pytest.mark.parametrize("path", OF_EVERY_KIND)
async def test_whoever_lacks_it_gets_a_403_that_says_what_it_is(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str
) -> None:
    ada, bob = auth_server.sign_in(unverified()), auth_server.sign_in(FakeUser())

    for headers in (ada.bearer, ada.cookie, ada.bearer):
        refused = await client.get(path, headers=headers)
        assert (refused.status_code, refused.json()) == (403, EMAIL_NOT_VERIFIED)
        assert refused.headers["cache-control"] == "private, no-store"
        assert "www-authenticate" not in refused.headers
    for headers in (bob.bearer, bob.cookie, bob.bearer):
        assert (await client.get(path, headers=headers)).json() == bob.id


@pytest.mark.parametrize("path", OF_EVERY_KIND)
async def test_nobody_is_a_401_and_dont_know_a_503(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str
) -> None:
    nobody = await client.get(path)
    auth_server.misbehave = reset
    unknown = await client.get(path, headers=unverified().bearer)

    assert (nobody.status_code, nobody.json()["code"]) == (401, "SESSION_REQUIRED")
    assert (unknown.status_code, unknown.json()["code"]) == (503, "AUTH_SERVER_UNAVAILABLE")


async def test_what_has_changed_counts_at_once_though_the_session_is_cached(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(unverified())
    await warm(auth, client, ada.bearer, "/nothing")
    assert (await client.get("/route", headers=ada.bearer)).status_code == 403

    await auth_server.change(ada, email_verified=True)
    assert (await client.get("/route", headers=ada.bearer)).json() == ada.id

    await warm(auth, client, ada.bearer, "/route")
    await auth_server.change(ada, email_verified=False)
    assert (await client.get("/route", headers=ada.bearer)).json() == EMAIL_NOT_VERIFIED


async def test_another_sites_request_is_told_nothing_about_the_user(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(unverified())

    foreign = await client.post("/parameter", headers={**ada.cookie, "origin": "https://evil.example"})
    own = await client.post("/parameter", headers={**ada.cookie, "origin": ORIGIN})

    assert (foreign.json()["code"], own.json()["code"]) == ("INVALID_ORIGIN", "EMAIL_NOT_VERIFIED")


async def test_a_refused_browser_gets_its_renewed_cookie(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser(email_verified=False, renews_cookie=True))

    refused = await client.get("/route", headers=ada.cookie)

    assert (refused.status_code, "set-cookie" in refused.headers) == (403, True)


@pytest.mark.parametrize("is_verified", [True, False])
async def test_a_websocket_is_refused_as_a_request_is(
    app: FastAPI, auth_server: FakeAuthServer, is_verified: bool
) -> None:
    ada = auth_server.sign_in(FakeUser(email_verified=is_verified))
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app):
        await app(websocket_scope({**ada.cookie, "origin": ORIGIN}), receive, send)

    if is_verified:
        assert [message["type"] for message in sent[:2]] == ["websocket.accept", "websocket.send"]
        assert sent[1]["text"] == ada.id
    else:
        assert (sent[0]["type"], sent[0]["status"]) == ("websocket.http.response.start", 403)
        assert b"EMAIL_NOT_VERIFIED" in sent[1]["body"]


@pytest.mark.parametrize("kind", [HTTPException, AuthError, RequirementNotMet])
async def test_a_handler_of_the_services_own_gets_it(
    app: FastAPI, auth_server: FakeAuthServer, kind: type[Exception]
) -> None:
    def own(_request: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"own": error.detail}, status_code=error.status_code)

    app.add_exception_handler(kind, own)  # pyright: ignore[reportArgumentType] - as FastAPI's documentation has it
    ada = auth_server.sign_in(unverified())

    async with running(app) as client:
        for path in ("/route", "/plain-function", "/in-middleware"):
            assert (await client.get(path, headers=ada.bearer)).json() == {"own": EMAIL_NOT_VERIFIED}


async def test_guards_that_require_the_same_are_equal_so_a_test_may_override_them(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    assert require(verified=True) == VERIFIED != require(Role("admin"), verified=True)
    eve = Identity.model_validate(FakeUser(id="eve", email_verified=False).as_json(), by_alias=True, strict=False)
    app.dependency_overrides[require(verified=True)] = lambda: eve

    assert (await client.get("/parameter")).json() == "eve"
    app.dependency_overrides = {current_identity: lambda: eve}
    assert (await client.get("/parameter")).status_code == 401
