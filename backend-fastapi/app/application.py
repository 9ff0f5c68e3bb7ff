"""The whole service at a glance: what happens to a request, from top to bottom."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import health, metrics
from app.config import Config
from app.db import Database
from app.http.body_limit import BodyLimit
from app.http.cors import Cors
from app.http.error_answers import ERROR_ANSWERS, CatchAll
from app.http.exact_paths import ExactPaths
from app.http.request_log import RequestLog
from app.http.security_headers import SecurityHeaders
from app.notes import routes as notes
from app.openapi import DOCUMENT
from app.schema import Schema
from app.users import routes as users
from app.users.current import app_user_loader
from auth_sidecar import AuthSidecar

DOCS_PATH = "/docs"


def create_app(config: Config) -> FastAPI:
    """Touches nothing outside before its lifespan runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        database = Database(config.database, Schema())
        auth = AuthSidecar(config.sidecar, load_app_user=app_user_loader(database))
        app.state.database, app.state.auth = database, auth
        try:
            async with auth.lifespan(app):  # outermost: what a check leaves on the answer
                yield
        finally:
            await database.close()

    app = _with_docs(config)(
        **DOCUMENT,
        lifespan=lifespan,
        exception_handlers=ERROR_ANSWERS,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat whatever Host the caller sent
    )
    # add_middleware puts each one around those before it: the last added is the first to see a request.
    app.add_middleware(BodyLimit)
    app.add_middleware(ExactPaths)
    app.add_middleware(CatchAll)
    app.add_middleware(Cors, origins=config.sidecar.cors_origin)
    app.add_middleware(SecurityHeaders, docs_path=None if config.is_production else DOCS_PATH)
    app.add_middleware(RequestLog)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(users.router)
    app.include_router(notes.router)
    return app


def _with_docs(config: Config) -> Callable[..., FastAPI]:
    """In production there are none. FastAPI's own load Swagger UI from a CDN: these come from here, offline too."""
    if config.is_production:
        return partial(FastAPI, docs_url=None, openapi_url=None)
    return partial(FastAPIOffline, docs_url=DOCS_PATH, static_url=f"{DOCS_PATH}/static")
