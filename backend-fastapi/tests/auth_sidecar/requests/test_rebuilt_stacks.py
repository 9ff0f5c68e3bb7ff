"""Whoever builds the app's middleware stack again while it runs takes nothing away from it."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

from auth_sidecar import AuthSidecar, CurrentUser, LifespanNotRun, SidecarSettings
from tests.support.example_service import running
from tests.support.fake_auth_server import COOKIE, FakeAuthServer, FakeUser
from tests.support.timing import warm


def create_service(auth: AuthSidecar) -> FastAPI:
    app, mounted = FastAPI(lifespan=auth.lifespan), FastAPI()

    @app.get("/reports")
    @mounted.get("/reports")
    async def reports(user: CurrentUser) -> str:
        return user.id

    @app.get("/crashes")
    async def crashes(_user: CurrentUser) -> None:
        raise RuntimeError

    @app.middleware("http")
    async def mark(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers["x-own"] = "yes"
        return response

    app.mount("/mounted", mounted)
    return app


def build(app: FastAPI) -> None:
    app.middleware_stack = app.build_middleware_stack()


def drop(app: FastAPI) -> None:
    app.middleware_stack = None


def build_twice(app: FastAPI) -> None:
    build(app)
    build(app)


def uninstrument(app: FastAPI) -> None:
    FastAPIInstrumentor.uninstrument_app(app)


def instrument(app: FastAPI) -> None:
    FastAPIInstrumentor.instrument_app(app)
    build(app)


def instrument_for_a_while(app: FastAPI) -> None:
    instrument(app)
    uninstrument(app)


REBUILDS = [build, drop, build_twice, uninstrument, instrument, instrument_for_a_while]


@pytest.fixture
def service(auth: AuthSidecar) -> FastAPI:
    return create_service(auth)


@pytest.fixture(params=["instrumented before the start", "not instrumented"])
def service_before_start(request: pytest.FixtureRequest, service: FastAPI) -> FastAPI:
    if request.param == "instrumented before the start":
        FastAPIInstrumentor.instrument_app(service)
    return service


@pytest.mark.parametrize("path", ["/reports", "/mounted/reports", "/crashes"])
@pytest.mark.parametrize("rebuild", REBUILDS)
async def test_protected_routes_go_on_as_before(
    service_before_start: FastAPI,
    auth: AuthSidecar,
    auth_server: FakeAuthServer,
    rebuild: Callable[[FastAPI], None],
    path: str,
) -> None:
    ada, service = auth_server.sign_in(FakeUser(renews_cookie=True)), service_before_start
    async with running(service) as client:
        await client.get(path, headers=ada.bearer)
        rebuild(service)

        for _ in range(2):  # the first request through the new stack is as good as those after it
            auth.forget_user(ada.id)
            response = await client.get(path, headers=ada.cookie)
            renewed = [cookie for cookie in response.headers.get_list("set-cookie") if cookie.startswith(COOKIE)]
            assert len(renewed) == 1
            assert response.headers["cache-control"] == "private, no-store"
            assert response.status_code == (500 if path == "/crashes" else 200)
        refused = await client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (401, "SESSION_REQUIRED")
        assert refused.headers["x-own"] == "yes"
        assert refused.headers["cache-control"] == "private, no-store"
        await warm(auth, client, ada.bearer, "/reports")


async def test_requests_that_meet_in_a_new_stack_all_pass(service: FastAPI, auth_server: FakeAuthServer) -> None:
    users = [auth_server.sign_in(FakeUser()) for _ in range(20)]
    async with running(service) as client:
        build(service)

        responses = await asyncio.gather(*(client.get("/reports", headers=user.bearer) for user in users))

    assert [response.json() for response in responses] == [user.id for user in users]


@pytest.mark.parametrize("rebuild", REBUILDS)
async def test_nothing_is_left_in_the_app_when_its_lifespan_is_over(
    service: FastAPI, auth_server: FakeAuthServer, rebuild: Callable[[FastAPI], None]
) -> None:
    ada = auth_server.sign_in(FakeUser())
    own = list(service.user_middleware)
    async with running(service) as client:
        rebuild(service)
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200

    assert service.user_middleware == own
    async with httpx.AsyncClient(transport=httpx.ASGITransport(service), base_url="http://api") as client:
        with pytest.raises(LifespanNotRun):
            await client.get("/reports", headers=ada.bearer)
    async with running(service) as client:
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200


async def test_a_mounted_app_with_a_sidecar_of_its_own_keeps_it(
    settings: SidecarSettings, auth_server: FakeAuthServer
) -> None:
    outer, inner = AuthSidecar(settings), AuthSidecar(settings)
    app, mounted = create_service(outer), create_service(inner)
    app.mount("/inner", mounted)
    ada = auth_server.sign_in(FakeUser())

    async with running(app) as client, inner.lifespan(mounted):
        build(app)
        build(mounted)
        assert (await client.get("/inner/reports", headers=ada.bearer)).json() == ada.id
        assert (await client.get("/reports", headers=ada.bearer)).json() == ada.id

        assert [auth.metrics().cache_misses_total for auth in (outer, inner)] == [1, 1]
