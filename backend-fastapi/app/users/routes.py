"""GET /api/me"""

import uuid

from fastapi import APIRouter

from app.responses import ResponseModel, Timestamp, protected_responses
from app.users.current import CurrentAppUser
from app.users.model import AppUser

router = APIRouter(prefix="/api/me", tags=["users"], responses=protected_responses)


class Me(ResponseModel):
    """The signed-in user's row in app_users."""

    id: uuid.UUID
    user_id: str
    email: str
    name: str
    created_at: Timestamp
    updated_at: Timestamp


@router.get("", response_model=Me, summary="Show my profile", response_description="The user behind this request.")
async def read_me(app_user: CurrentAppUser) -> AppUser:
    """This service's own row for the signed-in user, made at their first request."""
    return app_user
