"""The whole service at a glance: what happens to a request, from top to bottom."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import health
from app.config import Config
from app.db import Database
from app.http.body_limit import BodyLimit
from app.http.cors import Cors
from app.http.error_answers import ERROR_ANSWERS, CatchAll
from app.http.request_log import RequestLog
from app.http.security_headers import SecurityHeaders
from app.notes import routes as notes
from app.schema import Schema
from app.users import routes as users
from auth_sidecar import AuthSidecar

DOCS_PATH = "/docs"


def create_app(config: Config) -> FastAPI:
    """Touches nothing outside before its lifespan runs."""
    auth = AuthSidecar(config.sidecar)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        database = Database(config.database, Schema())
        app.state.database, app.state.auth = database, auth
        try:
            async with auth.lifespan(app):  # outermost: what a check leaves on the answer
                yield
        finally:
            await database.close()

    docs_path = None if config.is_production else DOCS_PATH
    app = FastAPI(
        title="auth-sidecar: example backend",
        lifespan=lifespan,
        exception_handlers=ERROR_ANSWERS,
        docs_url=docs_path,
        redoc_url=None,
        openapi_url=None if config.is_production else "/openapi.json",
        redirect_slashes=False,  # a redirect would repeat whatever Host the caller sent
    )
    # add_middleware puts each one around those before it: the last added is the first to see a request.
    app.add_middleware(BodyLimit)
    app.add_middleware(CatchAll)
    app.add_middleware(Cors, origins=config.sidecar.cors_origin)
    app.add_middleware(SecurityHeaders, docs_path=docs_path)
    app.add_middleware(RequestLog)
    app.include_router(health.router)
    app.include_router(users.router)
    app.include_router(notes.router)
    return app
