"""The dependency that most routes want: the signed-in person's own row."""

from typing import Annotated, TypeAlias

from fastapi import Depends

from app.db import DatabaseSession
from app.users.model import AppUser
from app.users.queries import get_or_create
from auth_sidecar import CurrentUser


async def current_app_user(user: CurrentUser, session: DatabaseSession) -> AppUser:
    """The signed-in person's row in app_users, created the first time we see them. Raises what CurrentUser raises."""
    return await get_or_create(session, user)


CurrentAppUser: TypeAlias = Annotated[AppUser, Depends(current_app_user)]
