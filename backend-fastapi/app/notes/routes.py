"""Notes: the feature to copy. A folder has its model, queries, routes and test; main.py includes the router."""

import uuid
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, status
from pydantic import BaseModel, Field

from app.database.pool import DatabaseSession
from app.errors import NotFound
from app.notes import queries
from app.notes.cursor import Cursor
from app.notes.model import Note
from app.responses import (
    ResponseModel,
    Timestamp,
    body_responses,
    changing_responses,
    input_responses,
    not_found_response,
    protected_responses,
)
from app.users.current import CurrentAppUser
from auth_sidecar import require

router = APIRouter(prefix="/api/notes", tags=["notes"], responses=protected_responses)


class NewNote(BaseModel):
    text: Annotated[
        str,
        # The pattern is for readers of the document: server/json_body.py has refused NUL on every route.
        Field(min_length=1, max_length=2000, examples=["Buy milk"], json_schema_extra={"pattern": r"^[^\u0000]*$"}),
    ]


class NoteResponse(ResponseModel):
    id: uuid.UUID
    text: str
    created_at: Timestamp


class NotePage(ResponseModel):
    notes: list[NoteResponse]
    next_cursor: str | None
    """For `cursor`, to read on; null on the last page."""


@router.get("", summary="List my notes", responses=input_responses, response_description="A page of notes.")
async def list_notes(
    app_user: CurrentAppUser,
    session: DatabaseSession,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str, Query(max_length=64, description="`nextCursor` of the page before.")] = "",
) -> NotePage:
    """Newest first, a page at a time."""
    after = Cursor.decode(cursor) if cursor else None
    found = await queries.list_notes(session, app_user, limit + 1, after)  # one more: is there a next page?
    notes = found[:limit]
    next_cursor = Cursor(notes[-1].created_at, notes[-1].id).encode() if len(found) > limit else None
    return NotePage(notes=[NoteResponse.model_validate(note) for note in notes], next_cursor=next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=NoteResponse,
    summary="Add a note",
    responses={**changing_responses, **body_responses},
    response_description="The note as it was kept.",
)
async def create_note(app_user: CurrentAppUser, session: DatabaseSession, note: NewNote) -> Note:
    """Keeps a text of up to 2000 characters."""
    return await queries.create_note(session, app_user, note.text)


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete all my notes",
    dependencies=[Depends(require(fresh=timedelta(minutes=10)))],
    responses=changing_responses,
    response_description="No note is left.",
)
async def delete_all_notes(app_user: CurrentAppUser, session: DatabaseSession) -> None:
    """Deletes every note that I have at this moment."""
    await queries.delete_all_notes(session, app_user)


@router.delete(
    "/{note_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete a note",
    responses={**changing_responses, **input_responses, **not_found_response},
    response_description="The note is deleted.",
)
async def delete_note(app_user: CurrentAppUser, session: DatabaseSession, note_id: uuid.UUID) -> None:
    """One of mine: somebody else's is as unknown as one that never was."""
    if not await queries.delete_note(session, app_user, note_id):
        raise NotFound
