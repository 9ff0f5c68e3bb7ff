"""This service's half of contract/limits.json."""

from sqlalchemy import CheckConstraint

from app.errors import HeadersTooLarge, PayloadTooLarge
from app.notes.model import Note
from app.notes.routes import NewNote
from app.server.body_limit import MAX_BYTES, MAX_SECONDS
from app.server.json_body import MAX_DEPTH
from app.server.protocol import MAX_HEAD_BYTES, BoundedProtocol
from app.server.request_log import REQUEST_ID
from app.server.start import KEEP_ALIVE_SECONDS
from tests.support.contract import read_contract

LIMITS = read_contract("limits")


def test_this_service_has_the_limits_of_the_contract() -> None:
    limits = {
        "bodyMaxBytes": MAX_BYTES,
        "headMaxBytes": MAX_HEAD_BYTES,
        "jsonMaxDepth": MAX_DEPTH,
        "requestId": REQUEST_ID.pattern,
        "headSeconds": BoundedProtocol.max_head_seconds,
        "bodySeconds": MAX_SECONDS,
        "noteMaxCharacters": NewNote.model_json_schema()["properties"]["text"]["maxLength"],
    }

    assert LIMITS | limits == LIMITS
    assert LIMITS["keepAliveSeconds"]["service"] == KEEP_ALIVE_SECONDS


def test_the_database_has_the_limit_of_the_route() -> None:
    texts = [str(part.sqltext) for part in Note.__table_args__ if isinstance(part, CheckConstraint)]

    assert texts == [f"char_length(text) BETWEEN 1 AND {LIMITS['noteMaxCharacters']}"]


def test_the_messages_name_the_limits() -> None:
    assert f" {LIMITS['bodyMaxBytes'] // 1024} KiB" in PayloadTooLarge.message
    assert f" {LIMITS['headMaxBytes'] // 1024} KiB" in HeadersTooLarge.message
