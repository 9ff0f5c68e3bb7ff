"""All SQL on app_users."""

from psycopg.errors import ForeignKeyViolation
from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.users.model import AppUser, AppUserRow
from auth_sidecar import User, UserUnknown


async def get_or_create(session: AsyncSession, user: User) -> AppUser:
    """The user's row, made or brought up to date where needed; a request that changes nothing writes nothing.

    Raises UserUnknown when this database does not have the user: deleted after the check, or the two
    services use different databases.
    """
    known = await _find(session, user)
    if known is not None and (known.email, known.name) == (user.email, user.name):
        return _snapshot(known)
    await _upsert(session, user)
    current = await _find(session, user)
    if current is None:
        raise UserUnknown
    return _snapshot(current)


def _snapshot(row: AppUserRow) -> AppUser:
    return AppUser(row.id, row.user_id, row.email, row.name, row.created_at, row.updated_at)


async def _find(session: AsyncSession, user: User) -> AppUserRow | None:
    query = select(AppUserRow).where(AppUserRow.user_id == user.id).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def _upsert(session: AsyncSession, user: User) -> None:
    """One row after any number of racing first requests: the losers wait for the winner, and write nothing."""
    new = insert(AppUserRow).values(user_id=user.id, email=user.email, name=user.name)
    upsert = new.on_conflict_do_update(
        index_elements=[AppUserRow.user_id],
        set_={"email": new.excluded.email, "name": new.excluded.name, "updated_at": func.now()},
        where=or_(AppUserRow.email != new.excluded.email, AppUserRow.name != new.excluded.name),
    )
    try:
        await session.execute(upsert)
    except IntegrityError as error:
        if isinstance(error.orig, ForeignKeyViolation):
            raise UserUnknown from error
        raise
