"""Which migrations this code needs, and whether a database has them."""

from collections.abc import Collection
from pathlib import Path

import psycopg
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import DatabaseSettings
from app.database.engine import connection_arguments
from app.database.session_settings import READ_SETTINGS, misconfigurations, session_settings, transaction_settings
from app.errors import MigrationsPending

MIGRATIONS_FOLDER = Path(__file__).parents[2] / "migrations"
# Any number that nobody else uses in this database. The lock ends with the transaction, so a pooler may be in between.
MIGRATION_LOCK = 7_210_041_986
READ_APPLIED = "SELECT version_num FROM alembic_version"


def alembic_config() -> AlembicConfig:
    """Needs no alembic.ini, so the service migrates from any working directory."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    return config


class Migrations:
    """The migrations that came with this code. Read from disk once."""

    def __init__(self) -> None:
        self._script = ScriptDirectory.from_config(alembic_config())
        self._heads = set(self._script.get_heads())

    def is_pending(self, applied: Collection[str]) -> bool:
        """False also for a database that is ahead: while a new version rolls out, the old one must go on serving."""
        return not self._heads <= set(applied) and all(self._is_known(revision) for revision in applied)

    async def refuse_pending(self, session: AsyncSession) -> None:
        """Raises MigrationsPending."""
        try:
            applied = (await session.execute(text(READ_APPLIED))).scalars().all()
        except ProgrammingError as error:  # no such table: nothing was ever migrated
            raise MigrationsPending from error
        if self.is_pending(applied):
            raise MigrationsPending

    def _is_known(self, revision: str) -> bool:
        try:
            self._script.get_revision(revision)
        except CommandError:
            return False
        return True


def migration_errors(settings: DatabaseSettings) -> list[str]:
    """For the start in production. An unavailable database is no error: Database checks again before it serves."""
    found, applied = None, list[str]()
    try:
        with psycopg.connect(**connection_arguments(settings)) as connection:
            connection.execute(transaction_settings(session_settings(settings)).encode())
            found = connection.execute(READ_SETTINGS.encode()).fetchone()
            applied = [str(revision) for (revision,) in connection.execute(READ_APPLIED)]
    except psycopg.errors.UndefinedTable:  # nothing was ever migrated
        pass
    except psycopg.OperationalError:
        return []
    errors = [f"BACKEND_DATABASE_URL: {problem}" for problem in misconfigurations(*found)] if found else []
    if Migrations().is_pending(applied):
        errors.append("BACKEND_DATABASE_URL names a database with a pending migration")
    return errors
