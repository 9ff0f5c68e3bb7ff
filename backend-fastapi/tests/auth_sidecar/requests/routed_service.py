"""A service with every kind of route that asks for a user."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from auth_sidecar import (
    AuthError,
    AuthSidecar,
    CurrentIdentity,
    CurrentUser,
    Identity,
    OptionalUser,
    current_app_user,
    require,
)


async def refuse_teapots(teapot: Annotated[str | None, Header()] = None) -> None:
    if teapot is not None:
        raise HTTPException(418)


async def current_name(user: CurrentUser) -> str:
    return user.name


async def report(_of: str, user: CurrentUser) -> str:
    return user.id


class Shouting(APIRoute):
    """Anybody's own kind of route."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await inner(request)
            except AuthError:
                return RedirectResponse("/sign-in")
            response.headers["x-loud"] = "yes"
            return response

        return handle


def create_service(auth: AuthSidecar) -> FastAPI:
    app = FastAPI(lifespan=auth.lifespan)
    router, behind, loud = APIRouter(prefix="/router"), APIRouter(), APIRouter(route_class=Shouting)

    @app.get("/open")
    async def open_to_all() -> str:
        return "anybody"

    @app.get("/user")
    @router.get("/user")
    @behind.get("/behind")
    @loud.get("/loud")
    async def user(user: CurrentUser) -> str:
        return user.id

    @app.get("/several")
    async def several(user: CurrentUser, identity: CurrentIdentity, request: Request) -> list[str]:
        return [user.id, identity.session.id, request.url.path]

    @app.get("/app-user")
    async def app_user(app_user: Annotated[str, Depends(current_app_user)]) -> str:
        return app_user

    @app.get("/required")
    @router.get("/required")
    async def required(identity: Annotated[Identity, Depends(require(verified=True))]) -> str:
        return identity.user.id

    @app.get("/nested")
    async def nested(name: Annotated[str, Depends(current_name)]) -> str:
        return name

    @app.get("/optional")
    async def optional(user: OptionalUser) -> bool:
        return user is None

    @app.get("/plain-function")
    def plain_function(user: CurrentUser) -> str:
        return user.id

    @app.get("/typed/{number}")
    async def typed(number: int, user: CurrentUser) -> list[int | str]:
        return [number, user.id]

    app.add_api_route("/lacking", user, dependencies=[Depends(require(second_factor=True))])
    app.add_api_route("/partial", partial(report, "user"))
    app.include_router(router)
    app.include_router(behind, dependencies=[Depends(refuse_teapots)])
    app.include_router(loud)
    inner = FastAPI()
    inner.add_api_route("/user", user)
    app.mount("/mounted", inner)
    return app
