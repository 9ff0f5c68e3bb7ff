"""The dependency that most routes want: the signed-in user's own row."""

from typing import Annotated, TypeAlias

from fastapi import Depends

from app.database.pool import Database
from app.users.model import AppUser
from app.users.queries import get_or_create
from auth_sidecar import LoadAppUser, User, current_app_user

CurrentAppUser: TypeAlias = Annotated[AppUser, Depends(current_app_user)]
"""The signed-in user's row in app_users, created when they are first seen. No query while the session is cached.

Raises what CurrentUser raises, DatabaseUnavailable and MigrationsPending.
"""


def app_user_loader(database: Database) -> LoadAppUser:
    """For AuthSidecar: called when a session is checked, in a transaction of its own."""

    async def load(user: User) -> AppUser:
        async with database.transaction() as session:
            return await get_or_create(session, user)

    return load
