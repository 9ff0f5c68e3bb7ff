"""For the operator: whether this process runs, whether it can do its work, and what auth_sidecar counts in it."""

import asyncio
import hmac
from collections.abc import Awaitable
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from app.errors import SOON, DatabaseMisconfigured, DatabaseUnavailable, MigrationsPending, NotFound, ShuttingDown
from app.server.drain import draining
from auth_sidecar import AuthServerUnavailable, AuthSidecar, Metrics

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)
_METHODS = ["GET", "HEAD"]  # some load balancers send HEAD


@router.api_route("", methods=_METHODS)
@router.api_route("/live", methods=_METHODS)
async def live() -> dict[str, str]:
    """The process runs and responds."""
    return {"status": "ok"}


@router.api_route("/ready", methods=_METHODS)
async def ready(request: Request) -> JSONResponse:
    """Lists every check, so that an operator sees which one failed. The code is that of the first."""
    if draining.is_set():
        raise ShuttingDown
    state = request.app.state
    database, auth_server = await asyncio.gather(_error_of(state.database.check()), _error_of(state.auth.check()))
    checks = {
        "database": _DATABASE_STATES.get(type(database), "ok"),
        "migrations": "ok" if database is None else "unknown" if type(database) in _DATABASE_STATES else "pending",
        "authServer": "ok" if auth_server is None else "unavailable",
    }
    error = database or auth_server
    if error is None:
        return JSONResponse({"status": "ok", "checks": checks})
    body = {"code": error.code, "message": error.message, "checks": checks}
    return JSONResponse(body, status_code=503, headers=SOON)


@router.get("/metrics")
async def read_metrics(request: Request, x_internal_token: Annotated[str, Header()] = "") -> Response:
    """404 without the internal token: this port is public."""
    auth: AuthSidecar = request.app.state.auth
    expected = auth.settings.internal_token.get_secret_value()
    if not hmac.compare_digest(x_internal_token.encode(), expected.encode()):
        raise NotFound
    return Response(auth.metrics().to_prometheus(), media_type=Metrics.PROMETHEUS_CONTENT_TYPE)


_DATABASE_STATES: dict[type | None, str] = {DatabaseUnavailable: "unavailable", DatabaseMisconfigured: "misconfigured"}

ReadinessError: TypeAlias = DatabaseUnavailable | DatabaseMisconfigured | MigrationsPending | AuthServerUnavailable


async def _error_of(check: Awaitable[None]) -> ReadinessError | None:
    try:
        await check
    except (DatabaseUnavailable, DatabaseMisconfigured, MigrationsPending, AuthServerUnavailable) as error:
        return error
    return None
