"""The table app_users: one row for each user of the auth server that this service has seen."""

import uuid
from datetime import datetime

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class AppUser(Base):
    """A person as this service knows them. Gone with the user: the database deletes it by cascade."""

    __tablename__ = "app_users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    user_id: Mapped[str]
    """better-auth's id; a foreign key to "user"(id) in the schema AUTH_DB_SCHEMA."""
    email: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    """When e-mail or name last changed."""
