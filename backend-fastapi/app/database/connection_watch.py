"""What happens to a pooled connection besides its queries: it grows old, and some of its statements are slow."""

import logging
import time

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from app.config import DatabaseSettings

_log = logging.getLogger("app.database")
_SHOWN = 500  # long enough to recognise a statement by
_RETURNED_AT = "returned_at"
_BEGAN_AT = "began_at"


def watch_connections(engine: Engine, settings: DatabaseSettings) -> None:
    """Drops connections that were idle for too long, and logs slow statements: their text, never their values."""
    _drop_idle(engine, settings.database_idle_timeout_ms / 1000)
    if settings.database_slow_query_ms > 0:
        _log_slow(engine, settings.database_slow_query_ms)


def _drop_idle(engine: Engine, idle_seconds: float) -> None:
    """The pool has no timer of its own: an old connection is dropped when it would be used, and another is opened."""

    def checked_in(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_RETURNED_AT] = time.monotonic()

    def checked_out(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        returned_at = record.info.pop(_RETURNED_AT, None)
        if returned_at is not None and time.monotonic() - returned_at > idle_seconds:
            raise DisconnectionError

    event.listen(engine, "checkin", checked_in)
    event.listen(engine, "checkout", checked_out)


def _log_slow(engine: Engine, slow_ms: int) -> None:
    def before(connection: Connection, *_arguments: object) -> None:
        connection.info[_BEGAN_AT] = time.monotonic()

    def after(connection: Connection, _cursor: object, statement: str, *_arguments: object) -> None:
        milliseconds = round((time.monotonic() - connection.info.pop(_BEGAN_AT, time.monotonic())) * 1000)
        if milliseconds >= slow_ms:
            _log.warning("a slow statement (%s ms): %s", milliseconds, " ".join(statement.split())[:_SHOWN])

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
