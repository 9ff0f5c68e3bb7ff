"""How to connect to the database."""

import math
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.config import DatabaseSettings
from app.database.bounded_connection import BoundedConnection
from app.database.connection_watch import watch_connections
from app.database.primary import Primary
from app.database.session_settings import migration_settings, newer_settings, session_settings, startup_options
from app.database.url import to_conninfo

_MAX_LIFETIME_SECONDS = 600  # a connection to a former primary ends then, also when nothing else reveals the failover
_GRACE_SECONDS = 1  # the server's own statement timeout should come first: its error says what happened


def connection_arguments(settings: DatabaseSettings) -> dict[str, Any]:
    """What psycopg connects with to serve."""
    return _arguments(settings, settings.backend_database_url, session_settings(settings))


def migration_arguments(settings: DatabaseSettings) -> dict[str, Any]:
    """What psycopg connects with to migrate: as the role that owns the tables, where there is one of its own."""
    url = settings.backend_migration_database_url or settings.backend_database_url
    return _arguments(settings, url, migration_settings(settings))


def _arguments(settings: DatabaseSettings, url: SecretStr, pinned: dict[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        **to_conninfo(url.get_secret_value()),
        "connect_timeout": str(math.ceil(settings.database_connect_timeout_ms / 1000)),
        "fallback_application_name": "backend-fastapi",
        "client_encoding": "UTF8",
    }
    if settings.database_ca_file is not None:
        arguments["sslrootcert"] = str(settings.database_ca_file)
        arguments["sslmode"] = "verify-full"
    if settings.database_pooler == "none":  # a pooler refuses them: each transaction is given them, see db.py
        arguments["options"] = f"{arguments.get('options', '')} {startup_options(pinned)}".strip()
    return arguments


Connect: TypeAlias = Callable[[], Awaitable[BoundedConnection]]


def connector(settings: DatabaseSettings, primary: Primary) -> Connect:
    """Opens a connection to the primary, ready for use."""
    arguments = connection_arguments(settings)
    is_pooled_elsewhere = settings.database_pooler == "transaction"

    async def connect() -> BoundedConnection:
        prepare_after = None if is_pooled_elsewhere else 5
        connection = await BoundedConnection.connect(prepare_threshold=prepare_after, **arguments)
        connection.deadline_seconds = settings.database_statement_timeout_ms / 1000 + _GRACE_SECONDS
        await connection.set_autocommit(True)
        await primary.meet(connection, "" if is_pooled_elsewhere else newer_settings(connection.info.server_version))
        await connection.set_autocommit(False)
        return connection

    return connect


def create_engine(settings: DatabaseSettings, primary: Primary, connect: Connect) -> AsyncEngine:
    """A restarted database needs no restart of this service: the pool tries a connection before it hands it out."""
    engine = create_async_engine(
        "postgresql+psycopg://",
        async_creator=connect,
        pool_size=settings.database_pool_max,
        max_overflow=0,
        pool_timeout=settings.database_connect_timeout_ms / 1000,
        pool_pre_ping=True,
        pool_recycle=_MAX_LIFETIME_SECONDS,
        hide_parameters=True,  # they would be in the text of every error
    )
    watch_connections(engine.sync_engine, settings)
    primary.guard(engine.sync_engine)
    return engine
