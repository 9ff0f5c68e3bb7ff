"""What this service relies on in a session, whatever ALTER DATABASE and ALTER ROLE say."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import DatabaseSettings
from app.errors import DatabaseMisconfigured

# Start-up options must be known to the server: these came with PostgreSQL 14 and 17.
_NEWER = {"idle_session_timeout": 140_000, "transaction_timeout": 170_000}
READ_SETTINGS = "SELECT current_setting('server_encoding'), current_setting('session_replication_role')"


def session_settings(settings: DatabaseSettings) -> dict[str, str]:
    """For a connection that serves. pg_temp is named last, or PostgreSQL would look there first."""
    return {
        "search_path": f"{settings.backend_db_schema}, pg_temp",
        "DateStyle": "ISO, MDY",
        "IntervalStyle": "postgres",
        "TimeZone": "UTC",
        "standard_conforming_strings": "on",
        "bytea_output": "hex",
        "extra_float_digits": "1",
        "default_transaction_isolation": "read committed",
        "default_transaction_read_only": "off",
        "default_transaction_deferrable": "off",
        "statement_timeout": str(settings.database_statement_timeout_ms),
        "lock_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        "row_security": "on",
        "quote_all_identifiers": "off",
    }


def migration_settings(settings: DatabaseSettings) -> dict[str, str]:
    """A step may take long, but must not stand in front of everybody while it waits for a table."""
    return {**session_settings(settings), "statement_timeout": "0", "lock_timeout": "30s"}


def pooled_settings(settings: DatabaseSettings) -> dict[str, str]:
    """Behind a pooler this side's deadline stands alone, see bounded_connection.py."""
    return {**session_settings(settings), "statement_timeout": "0"}


def startup_options(settings: dict[str, str]) -> str:
    """For libpq's `options`, where a backslash keeps a space inside of a value."""
    return " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())


def newer_settings(server_version: int) -> str:
    """Further columns of a SELECT, for the limits that this server has and an older one would not know."""
    known = [name for name, since in _NEWER.items() if server_version >= since]
    return "".join(f", pg_catalog.set_config('{name}', '0', false)" for name in known)


def transaction_settings(settings: dict[str, str]) -> str:
    """SQL for the begin of a transaction on a connection that a pooler shares: it holds until the transaction's end.

    A transaction that has begun takes nothing from the defaults any more, and no other mode after its first query.
    """
    pinned = {name: value for name, value in settings.items() if not name.startswith("default_transaction")}
    calls = ", ".join(f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in pinned.items())
    newer = ", ".join(f"'{name}'" for name in _NEWER)
    known = f"SELECT count(set_config(name, '0', true)) FROM pg_settings WHERE name IN ({newer})"  # noqa: S608 - constants
    return f"SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE, NOT DEFERRABLE; SELECT {calls}; {known}"


async def refuse_misconfigured(session: AsyncSession) -> None:
    """Raises DatabaseMisconfigured, saying what to do."""
    (row,) = (await session.execute(text(READ_SETTINGS))).all()
    problems = misconfigurations(*row)
    if problems:
        raise DatabaseMisconfigured(f"The database is not set up as this service needs it: {'; '.join(problems)}.")


def misconfigurations(server_encoding: str, replication_role: str) -> list[str]:
    """What no setting of a session can put right."""
    problems: list[str] = []
    if server_encoding != "UTF8":
        problems.append(
            f"its encoding is {server_encoding}, and names and notes need UTF8: make one with "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and restore a dump of the old one into it"
        )
    if replication_role != "origin":
        problems.append(
            f"session_replication_role is {replication_role}, so foreign keys are not checked: "
            "ALTER ROLE … RESET session_replication_role"
        )
    return problems
