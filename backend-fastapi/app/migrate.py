"""`python -m app.migrate` brings the tables of this service up to date, and does nothing when they are."""

import sys

from alembic import command
from alembic.util import CommandError
from sqlalchemy.exc import OperationalError

from app.config import exit_when_misconfigured, read_database_settings
from app.database.migrations import alembic_config
from app.server.log import configure_logging


def main() -> None:
    """Exits 0 when up to date, 78 when misconfigured, 1 with one line on stderr when the database is not ready."""
    with exit_when_misconfigured():
        read_database_settings()
    configure_logging("info", sys.stdout)
    try:
        command.upgrade(alembic_config(), "head")
    except CommandError as error:
        sys.exit(f"Not migrated: {error}")
    except OperationalError as error:
        sys.exit(f"Not migrated: the database of BACKEND_DATABASE_URL failed ({type(error.orig).__name__}).")


if __name__ == "__main__":
    main()
