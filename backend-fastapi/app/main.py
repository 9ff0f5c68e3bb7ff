"""Start here: the whole service at a glance, and what happens to a request, from top to bottom."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.config import Config
from app.connected.routes import example_router
from app.database.migrations import Migrations
from app.database.pool import Database
from app.docs.routes import DOCS_PATH, add_docs
from app.notes import routes as notes
from app.openapi import document
from app.server import health
from app.server.body_limit import BodyLimit
from app.server.cors import Cors
from app.server.error_responses import ERROR_RESPONSES, CatchAll
from app.server.exact_paths import ExactPaths
from app.server.request_log import RequestLog
from app.server.security_headers import SecurityHeaders
from app.users import routes as users
from app.users.current import app_user_loader
from auth_sidecar import AuthSidecar, document_requirements


def create_app(config: Config) -> FastAPI:
    """Opens no connection before its lifespan runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        database = Database(config.database, Migrations())
        auth = AuthSidecar(config.sidecar, load_app_user=app_user_loader(database))
        app.state.database, app.state.auth = database, auth
        async with database.open(), auth.lifespan(app):  # outermost: what a check leaves on the response
            yield

    app = FastAPI(
        **document(config.sidecar.cors_origin[0]),
        docs_url=None,
        openapi_url=None if config.is_production else "/openapi.json",
        lifespan=lifespan,
        exception_handlers=ERROR_RESPONSES,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat whatever Host the caller sent
    )
    # Each middleware wraps those before it: the last one added sees a request first.
    app.add_middleware(BodyLimit)
    app.add_middleware(ExactPaths)
    app.add_middleware(CatchAll)
    app.add_middleware(Cors, origins=config.sidecar.cors_origin)
    app.add_middleware(SecurityHeaders, docs_path=None if config.is_production else DOCS_PATH)
    app.add_middleware(RequestLog)
    app.include_router(health.router)
    app.include_router(users.router)
    app.include_router(notes.router)
    app.include_router(example_router(config.service.connected_example_url))
    document_requirements(app)  # the lifespan does it too; here it is for what reads the document without starting
    if not config.is_production:
        add_docs(app)
    return app
