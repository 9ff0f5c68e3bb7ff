"""assert_all_routes_guarded() finds every route that is open by oversight, and says where it is written."""

from functools import partial
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, WebSocket
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Host, Mount, Route

from auth_sidecar import (
    AuthSidecar,
    CurrentIdentity,
    CurrentUser,
    OptionalUser,
    SidecarSettings,
    current_app_user,
    current_user,
    require,
)
from auth_sidecar.testing import assert_all_routes_guarded
from tests.auth_sidecar.requests.guarded_service import create_service

HERE = Path(__file__)
DOCS = {"/docs", "/docs/oauth2-redirect", "/openapi.json", "/redoc"}
GUARD = Depends(current_user)


async def open_to_all() -> str:
    return "anybody"


async def own_guard() -> None:
    raise HTTPException(401)


async def plain(_request: Request) -> Response:
    return PlainTextResponse("anybody")


def line_of(function: object) -> int:
    code = getattr(function, "__code__")  # noqa: B009 - a function's, which the type does not say
    return code.co_firstlineno


def complaint(app: Starlette, public: set[str]) -> list[str]:
    """The lines of what is raised; none if nothing is."""
    try:
        assert_all_routes_guarded(app, public=public)
    except AssertionError as error:
        return [line.strip() for line in str(error).splitlines()]
    return []


@pytest.fixture
def app() -> FastAPI:
    return FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


def test_a_service_in_which_everything_is_guarded_passes() -> None:
    settings = SidecarSettings(auth_server_url="http://127.0.0.1:1", internal_token=SecretStr("x"))
    app = create_service(AuthSidecar(settings))
    inner = {f"/mounted{path}" for path in DOCS}

    assert_all_routes_guarded(app, public=DOCS | inner)


def test_every_way_to_ask_for_a_user_guards_a_route(app: FastAPI) -> None:
    async def nested(user: CurrentUser) -> str:
        return user.id

    @app.get("/user")
    async def user(user: CurrentUser) -> str:
        return user.id

    @app.get("/identity")
    async def identity(identity: CurrentIdentity) -> str:
        return identity.user.id

    @app.get("/app-user")
    async def app_user(_app_user: Annotated[object, Depends(current_app_user)]) -> None: ...

    @app.get("/nested")
    async def by_nested(found: Annotated[str, Depends(nested)]) -> str:
        return found

    app.add_api_route("/route", open_to_all, dependencies=[GUARD])
    app.add_api_route("/required", open_to_all, dependencies=[Depends(require())])
    router = APIRouter(dependencies=[GUARD])
    router.add_api_route("/router", open_to_all)
    app.include_router(router)

    assert complaint(app, set()) == []


def test_a_route_that_is_open_is_named_with_its_line(app: FastAPI) -> None:
    @app.post("/items/{item_id}")
    async def change_item(item_id: int) -> int:
        return item_id

    @app.get("/hello")
    async def hello(_user: OptionalUser) -> None: ...

    app.add_api_route("/partial", partial(open_to_all))
    here = HERE.relative_to(Path.cwd())

    title, *found = complaint(app, set())

    assert title == "These routes serve requests of nobody. Guard them, or name them in `public`:"
    prefix = "test_a_route_that_is_open_is_named_with_its_line.<locals>"
    assert found == [
        f"GET /hello  ({here}:{line_of(hello)}, {prefix}.hello)",
        f"GET /partial  ({here}:{line_of(open_to_all)}, open_to_all)",
        f"POST /items/{{item_id}}  ({here}:{line_of(change_item)}, {prefix}.change_item)",
    ]


def names(found: list[str]) -> list[str]:
    return [" ".join(line.split(" ")[:2]) for line in found[1:]]


def test_routers_mounts_hosts_websockets_and_plain_routes_are_looked_at(app: FastAPI, tmp_path: Path) -> None:
    class Endpoint(HTTPEndpoint):
        async def get(self, request: Request) -> Response:
            return await plain(request)

    router, deeper, inner = APIRouter(prefix="/v1"), APIRouter(prefix="/deep"), FastAPI(openapi_url=None)
    deeper.add_api_route("/open", open_to_all)
    deeper.add_api_route("/guarded", open_to_all, dependencies=[GUARD])
    router.include_router(deeper)

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()

    @app.websocket("/guarded-live")
    async def guarded_live(socket: WebSocket, _user: CurrentUser) -> None:
        await socket.accept()

    app.include_router(router, prefix="/api")
    app.include_router(router, prefix="/safe", dependencies=[GUARD])
    inner.add_api_route("/open", open_to_all, methods=["GET", "PUT"])
    app.mount("/inner", inner)
    app.mount("/starlette", Starlette(routes=[Route("/plain", plain), Route("/endpoint", Endpoint)]))
    app.mount("/static", StaticFiles(directory=tmp_path))
    app.router.routes += [
        Mount("/group", routes=[Route("/plain", plain, methods=["POST"])]),
        Host("admin.example.com", Starlette(routes=[Route("/by-host", plain)])),
    ]

    found = complaint(app, set())

    assert names(found) == [
        "ANY /starlette/endpoint",
        "GET /api/v1/deep/open",
        "GET /by-host",
        "GET /inner/open",
        "GET /starlette/plain",
        "MOUNT /static",
        "POST /group/plain",
        "PUT /inner/open",
        "WEBSOCKET /api/v1/live",
    ]
    assert ", StaticFiles)" in found[6]
    assert ".<locals>.Endpoint)" in found[1]


def test_folders_that_fastapi_serves_by_itself_are_looked_at(app: FastAPI, tmp_path: Path) -> None:
    guarded = APIRouter(dependencies=[GUARD])
    (tmp_path / "index.html").touch()
    guarded.frontend("/inside", directory=tmp_path)
    app.include_router(guarded, prefix="/app")
    app.frontend("/", directory=tmp_path)

    assert names(complaint(app, set())) == ["GET /"]
    assert complaint(app, {"/"}) == []


def test_what_is_public_may_be_one_method_or_all(app: FastAPI) -> None:
    app.add_api_route("/one", open_to_all, methods=["GET"])
    app.add_api_route("/one", open_to_all, methods=["PUT"])

    assert complaint(app, {"/one"}) == []
    assert complaint(app, {"GET /one", "PUT /one"}) == []
    assert names(complaint(app, {"GET /one"})) == ["PUT /one"]


def test_what_is_public_for_no_reason_is_named(app: FastAPI) -> None:
    app.add_api_route("/guarded", open_to_all, dependencies=[GUARD])
    app.add_api_route("/open", open_to_all)

    assert complaint(app, {"/guarded", "/gone", "/open", "DELETE /open"}) == [
        "These are in `public`, but no route that is open has this path:",
        "/gone",
        "/guarded",
        "DELETE /open",
    ]


def test_the_docs_are_routes_too() -> None:
    found = complaint(FastAPI(), set())

    assert names(found) == [f"GET {path}" for path in sorted(DOCS)]
    assert all("applications.py" in line for line in found[1:])


def test_a_guard_of_the_services_own_counts_if_it_is_named(app: FastAPI) -> None:
    app.add_api_route("/by-key", open_to_all, dependencies=[Depends(own_guard)])

    assert names(complaint(app, set())) == ["GET /by-key"]
    assert_all_routes_guarded(app, guards=[own_guard])
