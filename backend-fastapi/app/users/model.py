"""The table app_users: one row for each user of the auth server that this service has seen."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


@dataclass(frozen=True, slots=True)
class AppUser:
    """A person as this service knows them, as of when their session was last checked. Shared by requests.

    Keep here only what changes with the user of the auth server: whatever else this service changes by itself is
    read with a query, or `AuthSidecar.forget_user` is called after each change.
    """

    id: uuid.UUID
    user_id: str
    """better-auth's id."""
    email: str
    name: str
    created_at: datetime
    updated_at: datetime
    """When e-mail or name last changed."""


class AppUserRow(Base):
    """The table. A row is gone with the user: the database deletes it by cascade."""

    __tablename__ = "app_users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    user_id: Mapped[str]
    """A foreign key to "user"(id) in the schema AUTH_DB_SCHEMA."""
    email: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
