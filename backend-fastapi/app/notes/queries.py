"""All SQL on notes. Every query names the owner: there is no way to reach somebody else's."""

import uuid
from collections.abc import Sequence

from psycopg.errors import ForeignKeyViolation
from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import AppUserGone
from app.notes.cursor import Cursor
from app.notes.model import Note
from app.users.model import AppUser


async def list_notes(session: AsyncSession, owner: AppUser, limit: int, after: Cursor | None) -> Sequence[Note]:
    """At most `limit` notes, newest first, of those older than the cursor."""
    query = select(Note).where(Note.app_user_id == owner.id)
    if after is not None:
        query = query.where(tuple_(Note.created_at, Note.id) < (after.created_at, after.id))
    query = query.order_by(Note.created_at.desc(), Note.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def create_note(session: AsyncSession, owner: AppUser, text: str) -> Note:
    """Raises AppUserGone when the owner was deleted meanwhile."""
    try:
        return (await session.scalars(insert(Note).values(app_user_id=owner.id, text=text).returning(Note))).one()
    except IntegrityError as error:
        if isinstance(error.orig, ForeignKeyViolation):
            raise AppUserGone(owner.user_id) from error
        raise


async def delete_note(session: AsyncSession, owner: AppUser, note_id: uuid.UUID) -> bool:
    """Whether there was such a note."""
    gone = await session.scalars(
        delete(Note).where(Note.id == note_id, Note.app_user_id == owner.id).returning(Note.id)
    )
    return gone.one_or_none() is not None


async def delete_all_notes(session: AsyncSession, owner: AppUser) -> None:
    """Those that there are when it begins."""
    await session.execute(delete(Note).where(Note.app_user_id == owner.id))
