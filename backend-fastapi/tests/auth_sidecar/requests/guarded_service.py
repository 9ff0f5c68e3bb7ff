"""A service whose routes require more than a user, in every way in which a route can say so."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, FastAPI, Request, WebSocket
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.responses import Response

from auth_sidecar import (
    AuthError,
    AuthSidecar,
    CurrentUser,
    Identity,
    OptionalUser,
    RequirementNotMet,
    current_app_user,
    require,
)

FRESH = timedelta(minutes=10)
VERIFIED = require(verified=True)
Verified: TypeAlias = Annotated[Identity, Depends(VERIFIED)]

OF_EVERY_KIND = (
    "/parameter",
    "/route",
    "/router",
    "/included",
    "/nested",
    "/plain-function",
    "/beside",
    "/optional",
    "/mounted/",
    "/from-auth",
    "/in-middleware",
)
"""Paths of which each requires a verified address, and returns the user's id."""


@dataclass(frozen=True)
class Role:
    """A requirement of the service's own."""

    role: str

    @property
    def needs(self) -> str:
        return f"the role {self.role}"

    def is_met_by(self, identity: Identity) -> bool:
        return self.role in (identity.user.role or "").split(",")

    def refusal(self) -> AuthError:
        return RequirementNotMet("ROLE_REQUIRED", "This is not for you.")


async def verified_id(identity: Verified) -> str:
    return identity.user.id


async def user_id(user: CurrentUser) -> str:
    return user.id


def create_service(auth: AuthSidecar) -> FastAPI:
    app = FastAPI(lifespan=auth.lifespan)
    router, included = APIRouter(dependencies=[Depends(VERIFIED)]), APIRouter()

    @app.get("/parameter")
    @app.post("/parameter")
    async def parameter(identity: Verified) -> str:
        return identity.user.id

    app.add_api_route("/route", user_id, dependencies=[Depends(VERIFIED)])
    app.add_api_route("/in-middleware", user_id)
    app.add_api_route("/from-auth", user_id, dependencies=[Depends(auth.require(verified=True))])
    router.add_api_route("/router", user_id)
    included.add_api_route("/included", user_id)

    @app.get("/nested")
    async def nested(found: Annotated[str, Depends(verified_id)]) -> str:
        return found

    @app.get("/plain-function")
    def plain_function(identity: Verified) -> str:
        return identity.user.id

    @app.get("/beside")
    async def beside(app_user: Annotated[str, Depends(current_app_user)], identity: Verified) -> str:
        assert app_user == f"app user of {identity.user.id}"
        return identity.user.id

    @app.get("/optional", dependencies=[Depends(VERIFIED)])
    async def optional(user: OptionalUser) -> str | None:
        return None if user is None else user.id

    for path, guard in {
        "/fresh": require(fresh=FRESH),
        "/fresh-for-a-moment": require(fresh=timedelta(seconds=1)),
        "/second-factor": require(second_factor=True),
        "/nothing": require(),
        "/all": require(Role("auditor"), verified=True, second_factor=True, fresh=FRESH),
    }.items():
        app.add_api_route(path, user_id, dependencies=[Depends(guard)])

    @app.websocket("/live")
    async def live(socket: WebSocket, identity: Verified) -> None:
        await socket.accept()
        await socket.send_text(identity.user.id)

    async def look(request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.url.path == "/in-middleware":
            await VERIFIED(request)
        return await call_next(request)

    inner = FastAPI()
    inner.add_api_route("/", user_id, dependencies=[Depends(VERIFIED)])
    app.include_router(router)
    app.include_router(included, dependencies=[Depends(VERIFIED)])
    app.mount("/mounted", inner)
    app.add_middleware(BaseHTTPMiddleware, dispatch=look)
    return app
