"""The table app_users: one row for each user of the auth server that this service has seen."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Dialect, func
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import NullType, TypeDecorator

from app.database.base import Base


@dataclass(frozen=True, slots=True)
class AppUser:
    """A user as this service knows them, as of the last check of their session. Shared by requests.

    Only for fields that change with the auth server's user. Read what this service changes with a query, or call
    `AuthSidecar.forget_user` after each change.
    """

    id: uuid.UUID
    user_id: str
    """better-auth's id."""
    email: str
    name: str
    created_at: datetime
    updated_at: datetime
    """When e-mail or name last changed."""


class UserId(TypeDecorator[str]):
    """Text or uuid, as "user"(id) is. Sent without a cast, so that PostgreSQL takes it for either; read as text."""

    impl = NullType
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """psycopg reads a uuid as an object of its own; the column is never NULL."""
        return str(value)


class AppUserRow(Base):
    """The table. A row is gone with the user: the database deletes it by cascade."""

    __tablename__ = "app_users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str] = mapped_column(UserId(), unique=True)
    """A foreign key to "user"(id) in the schema AUTH_DB_SCHEMA. Only its migration says so: that table is not ours."""
    email: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
