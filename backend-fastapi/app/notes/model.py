"""The table notes."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base


class Note(Base):
    """A text somebody keeps. Gone with its app user."""

    __tablename__ = "notes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    app_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_users.id", ondelete="CASCADE"))
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("char_length(text) BETWEEN 1 AND 2000", name="text"),
        # The order of the list, so that a page costs the same at any depth.
        Index("notes_of_app_user", "app_user_id", sql("created_at DESC"), sql("id DESC")),
    )
