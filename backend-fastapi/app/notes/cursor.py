"""Where a list goes on: the last note of the page before, as text that clients pass back unread."""

import base64
import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from app.errors import ValidationFailed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORMAT = struct.Struct(">q16s")  # microseconds, as PostgreSQL keeps them, and the id


@dataclass(frozen=True, slots=True)
class Cursor:
    created_at: datetime
    id: uuid.UUID

    def encode(self) -> str:
        microseconds = (self.created_at - _EPOCH) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(_FORMAT.pack(microseconds, self.id.bytes)).decode("ascii")

    @classmethod
    def decode(cls, text: str) -> Self:
        """Raises ValidationFailed for what `encode` never wrote."""
        try:
            microseconds, id_bytes = _FORMAT.unpack(base64.b64decode(text, altchars=b"-_", validate=True))
            return cls(_EPOCH + timedelta(microseconds=microseconds), uuid.UUID(bytes=id_bytes))
        except (ValueError, struct.error, OverflowError) as error:
            raise ValidationFailed("cursor: is not one of ours") from error
