"""Whether this process runs, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable
from typing import TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.errors import SOON, DatabaseMisconfigured, DatabaseUnavailable, MigrationsPending
from auth_sidecar import AuthServerUnavailable

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)
_METHODS = ["GET", "HEAD"]  # some load balancers ask with HEAD


@router.api_route("", methods=_METHODS)
@router.api_route("/live", methods=_METHODS)
async def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "ok"}


@router.api_route("/ready", methods=_METHODS)
async def ready(request: Request) -> JSONResponse:
    """Each fact by itself, so that an operator sees which it is; the code is that of the first that fails."""
    state = request.app.state
    database, auth_server = await asyncio.gather(_failure(state.database.check()), _failure(state.auth.check()))
    checks = {
        "database": _DATABASE.get(type(database), "ok"),
        "migrations": "ok" if database is None else "unknown" if type(database) in _DATABASE else "pending",
        "authServer": "ok" if auth_server is None else "unavailable",
    }
    failure = database or auth_server
    if failure is None:
        return JSONResponse({"status": "ok", "checks": checks})
    body = {"code": failure.code, "message": failure.message, "checks": checks}
    return JSONResponse(body, status_code=503, headers=SOON)


_DATABASE: dict[type | None, str] = {DatabaseUnavailable: "unavailable", DatabaseMisconfigured: "misconfigured"}

Failure: TypeAlias = DatabaseUnavailable | DatabaseMisconfigured | MigrationsPending | AuthServerUnavailable


async def _failure(check: Awaitable[None]) -> Failure | None:
    try:
        await check
    except (DatabaseUnavailable, DatabaseMisconfigured, MigrationsPending, AuthServerUnavailable) as error:
        return error
    return None
