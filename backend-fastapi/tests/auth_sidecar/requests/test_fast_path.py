"""Protected routes skip what FastAPI's dependencies cost, and nobody can tell but by the clock."""

import json
import sys
from collections.abc import AsyncGenerator
from types import FrameType
from typing import Self

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.routing import Mount

from auth_sidecar import AuthSidecar, CurrentUser, Identity, User
from auth_sidecar.requests.dependencies import current_user
from tests.auth_sidecar.requests.routed_service import create_service
from tests.support.example_service import running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import warm


class Solved:
    """How often FastAPI solved dependencies of a request."""

    def __init__(self) -> None:
        self.times = 0

    def __enter__(self) -> Self:
        sys.setprofile(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _count(self, frame: FrameType, event: str, _argument: object) -> None:
        # A coroutine is called again each time it goes on: only its first instruction counts.
        is_begin = event == "call" and frame.f_lasti <= 4
        if is_begin and frame.f_code.co_name == "solve_dependencies":
            self.times += 1


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


PATHS = ["/user", "/router/user", "/behind", "/mounted/user", "/plain-function", "/partial"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_kind_of_route_gets_the_user(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str
) -> None:
    ada = auth_server.sign_in(FakeUser())

    assert (await client.get(path)).json()["code"] == "SESSION_REQUIRED"
    for _ in range(3):
        assert (await client.get(path, headers=ada.bearer)).json() == ada.id


async def test_a_route_gets_whatever_it_asks_for(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())

    responses = [
        (await client.get(path, headers=ada.bearer)).json()
        for path in ("/several", "/app-user", "/nested", "/optional", "/typed/7")
    ]

    assert responses == [
        [ada.id, ada.session_id, "/several"],
        f"app user of {ada.id}",
        "Ada",
        False,
        [7, ada.id],
    ]


@pytest.mark.parametrize(
    "path", ["/user", "/router/user", "/mounted/user", "/several", "/app-user", "/required", "/router/required"]
)
async def test_a_protected_route_solves_no_more_dependencies_than_an_open_one(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer, path)

    with Solved() as of_open:
        await client.get("/open")
    with Solved() as of_protected:
        await client.get(path, headers=ada.bearer)

    assert (of_open.times, of_protected.times) == (1, 1)


@pytest.mark.parametrize(("path", "own"), [("/behind", 2), ("/nested", 2), ("/optional", 1), ("/plain-function", 1)])
async def test_elsewhere_the_security_schemes_are_left_out(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, path: str, own: int
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer, path)

    with Solved() as solved:
        await client.get(path, headers=ada.bearer)

    assert solved.times == 1 + own


async def test_a_dependency_in_front_of_the_check_stays_in_front(client: httpx.AsyncClient) -> None:
    assert (await client.get("/behind", headers={"teapot": "yes"})).status_code == 418
    assert (await client.get("/behind")).status_code == 401


async def test_nobody_is_told_what_is_wrong_with_the_rest_of_the_request(client: httpx.AsyncClient) -> None:
    assert (await client.get("/typed/seven")).status_code == 401


@pytest.mark.parametrize("path", PATHS)
async def test_a_test_may_override_the_user(app: FastAPI, client: httpx.AsyncClient, path: str) -> None:
    eve = Identity.model_validate_json(json.dumps(FakeUser(id="eve").as_json())).user
    mounted = next(route.app for route in app.routes if isinstance(route, Mount))
    for one in (app, mounted):
        assert isinstance(one, FastAPI)
        one.dependency_overrides[current_user] = lambda: eve

    assert (await client.get(path)).json() == "eve"


async def test_a_route_class_of_ones_own_stays_in_charge(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    assert (await client.get("/loud", headers=ada.bearer)).headers["x-loud"] == "yes"
    assert (await client.get("/loud")).headers["location"] == "/sign-in"


async def test_a_route_with_a_body_limit_keeps_it(auth: AuthSidecar, auth_server: FakeAuthServer) -> None:
    app = FastAPI(lifespan=auth.lifespan)
    ada = auth_server.sign_in(FakeUser())

    @app.post("/limited", max_body_size=4)
    async def limited(user: CurrentUser, request: Request) -> int:
        return len(await request.body()) + len(user.id)

    async with running(app) as client:
        assert (await client.post("/limited", headers=ada.bearer, content=b"1234")).status_code == 200
        assert (await client.post("/limited", headers=ada.bearer, content=b"12345")).status_code == 413


async def test_the_documentation_names_both_ways_to_sign_in(app: FastAPI, client: httpx.AsyncClient) -> None:
    for path in ("/user", "/router/user", "/nested"):
        assert app.openapi()["paths"][path]["get"]["security"] == [{"bearer": []}, {"sessionCookie": []}]
    assert "security" not in app.openapi()["paths"]["/open"]["get"]
    assert (await client.get("/openapi.json")).json() == app.openapi()


async def test_a_lifespan_that_runs_again_changes_nothing(app: FastAPI, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())
    for _ in range(2):
        async with running(app) as client:
            assert (await client.get("/user", headers=ada.bearer)).json() == ada.id
