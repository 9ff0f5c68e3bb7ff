"""Sessions by the thousand: rows by SQL, tokens signed with the stack's secret, each of a user of its own."""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from stack.tokens import sign
from staleness.connection import render

BATCH = 250
LIFETIME = timedelta(days=7)
_USERS = 'COPY "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") FROM STDIN'
_SESSIONS = 'COPY session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") FROM STDIN'


@dataclass(slots=True)
class Session:
    """`ending` and `ended`: when its end was requested, and when that was acknowledged; None before."""

    id: str
    user_id: str
    bearer: str
    request: bytes
    """For the route under test."""
    is_signed_out: bool = False
    ending: float | None = None
    ended: float | None = None


class Supply:
    def __init__(self, database: psycopg.AsyncConnection, secret: str) -> None:
        self._database = database
        self._secret = secret
        self._ready: deque[Session] = deque()
        self._making = asyncio.Lock()

    async def take(self) -> Session:
        """A session that nobody has used yet."""
        async with self._making:
            if not self._ready:
                self._ready.extend(await self._make())
        return self._ready.popleft()

    async def _make(self) -> list[Session]:
        now = datetime.now(UTC)
        made = [self._new(secrets.token_hex(16)) for _ in range(BATCH)]
        async with self._database.transaction(), self._database.cursor() as cursor:
            async with cursor.copy(_USERS) as user_ids:
                for _, session in made:
                    email = f"{session.user_id}@example.com"
                    await user_ids.write_row((session.user_id, "Reader", email, False, now, now))
            async with cursor.copy(_SESSIONS) as rows:
                for token, session in made:
                    await rows.write_row((session.id, token, session.user_id, now + LIFETIME, now, now))
        return [session for _, session in made]

    def _new(self, token: str) -> tuple[str, Session]:
        number = secrets.token_hex(12)
        bearer = f"Bearer {sign(token, self._secret)}"
        request = render("GET", "/api/me", {"authorization": bearer})
        return token, Session(f"session-{number}", f"user-{number}", bearer, request)
