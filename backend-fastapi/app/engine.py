"""How to connect to the database."""

import math
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.bounded_connection import BoundedConnection
from app.config import DatabaseSettings
from app.database_url import to_conninfo

_GRACE_SECONDS = 1  # the server's own statement timeout should come first: its error says what happened


def connection_arguments(settings: DatabaseSettings) -> dict[str, Any]:
    """What psycopg connects with, in the service and in its migrations."""
    arguments: dict[str, Any] = {
        **to_conninfo(settings.backend_database_url.get_secret_value()),
        "connect_timeout": str(math.ceil(settings.database_connect_timeout_ms / 1000)),
        "fallback_application_name": "backend-fastapi",
    }
    if settings.database_ca_file is not None:
        arguments["sslrootcert"] = str(settings.database_ca_file)
        arguments["sslmode"] = "verify-full"
    return arguments


def create_engine(settings: DatabaseSettings) -> AsyncEngine:
    """A restarted database needs no restart of this service: the pool tries a connection before it hands it out."""
    arguments = connection_arguments(settings)
    is_pooled_elsewhere = settings.database_pooler == "transaction"
    if not is_pooled_elsewhere:
        ours = f"-c statement_timeout={settings.database_statement_timeout_ms}"
        arguments["options"] = f"{arguments.get('options', '')} {ours}".strip()

    async def connect() -> BoundedConnection:
        prepare_after = None if is_pooled_elsewhere else 5
        connection = await BoundedConnection.connect(prepare_threshold=prepare_after, **arguments)
        connection.deadline_seconds = settings.database_statement_timeout_ms / 1000 + _GRACE_SECONDS
        return connection

    return create_async_engine(
        "postgresql+psycopg://",
        async_creator=connect,
        pool_size=settings.database_pool_max,
        max_overflow=0,
        pool_timeout=settings.database_connect_timeout_ms / 1000,
        pool_pre_ping=True,
        hide_parameters=True,  # they would be in the text of every error
    )
