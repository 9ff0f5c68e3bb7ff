"""Whether this process runs, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.errors import SOON, DatabaseUnavailable, MigrationsPending
from auth_sidecar import AuthServerUnavailable

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)


@router.get("/live")
async def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """Each fact by itself, so that an operator sees which it is; the code is that of the first that fails."""
    state = request.app.state
    database, auth_server = await asyncio.gather(_failure(state.database.check()), _failure(state.auth.check()))
    is_away = isinstance(database, DatabaseUnavailable)
    checks = {
        "database": "unavailable" if is_away else "ok",
        "migrations": "ok" if database is None else "unknown" if is_away else "pending",
        "authServer": "ok" if auth_server is None else "unavailable",
    }
    failure = database or auth_server
    if failure is None:
        return JSONResponse({"status": "ok", "checks": checks})
    body = {"code": failure.code, "message": failure.message, "checks": checks}
    return JSONResponse(body, status_code=503, headers=SOON)


async def _failure(check: Awaitable[None]) -> DatabaseUnavailable | MigrationsPending | AuthServerUnavailable | None:
    try:
        await check
    except (DatabaseUnavailable, MigrationsPending, AuthServerUnavailable) as error:
        return error
    return None
