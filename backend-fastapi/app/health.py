"""Whether this process runs, and whether it can do its work."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.db import Database
from app.errors import SOON, DatabaseUnavailable, MigrationsPending
from auth_sidecar import AuthServerUnavailable, AuthSidecar

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)

Fact: TypeAlias = Literal["ok", "pending", "unavailable", "unknown"]


@dataclass(frozen=True, slots=True)
class Checks:
    """Each fact by itself, so that an operator sees which of them it is."""

    database: Fact
    migrations: Fact
    auth_server: Fact

    def failure(self) -> str | None:
        """The code of what is wrong first, None when all is well."""
        if self.database != "ok":
            return DatabaseUnavailable.code
        if self.migrations != "ok":
            return MigrationsPending.code
        return None if self.auth_server == "ok" else "AUTH_SERVER_UNAVAILABLE"


@router.get("/live")
async def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """The database is there and migrated, and the auth server answers and takes our token."""
    database, auth = request.app.state.database, request.app.state.auth
    (database_fact, migrations), auth_server = await asyncio.gather(_check_database(database), _check_auth(auth))
    checks = Checks(database_fact, migrations, auth_server)
    code = checks.failure()
    if code is None:
        return JSONResponse({"status": "ok", "checks": asdict(checks)})
    body = {"code": code, "message": "This service is not ready.", "checks": asdict(checks)}
    return JSONResponse(body, status_code=503, headers=SOON)


async def _check_database(database: Database) -> tuple[Fact, Fact]:
    try:
        await database.check()
    except DatabaseUnavailable:
        return "unavailable", "unknown"
    except MigrationsPending:
        return "ok", "pending"
    return "ok", "ok"


async def _check_auth(auth: AuthSidecar) -> Fact:
    try:
        await auth.check()
    except AuthServerUnavailable:
        return "unavailable"
    return "ok"
