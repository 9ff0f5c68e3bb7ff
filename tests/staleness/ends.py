"""The ways in which a session ends here: at an auth server that the service does not use, and by SQL."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg

from stack.visitors import new_address
from staleness.connection import connected, render
from staleness.sessions import Session


@dataclass(frozen=True)
class Authority:
    """Who can end a session: the address of an auth server, and the database as its superuser."""

    auth_url: str
    database: psycopg.AsyncConnection


End = Callable[[Authority, Session], Awaitable[None]]


async def sign_out(authority: Authority, session: Session) -> None:
    headers = {"authorization": session.bearer, "x-real-ip": new_address()}
    request = render("POST", "/api/auth/sign-out", headers, body=b"{}")
    session.is_signed_out = True
    async with connected(authority.auth_url) as connection:
        session.ending = time.monotonic()
        response = await connection.send(request)
        session.ended = time.monotonic()
    assert response.status == 200, f"sign-out gave {response.status}"


async def delete(authority: Authority, session: Session) -> None:
    await _execute(authority, session, b"DELETE FROM session WHERE id = %s", session.id)


async def ban(authority: Authority, session: Session) -> None:
    await _execute(authority, session, b'UPDATE "user" SET banned = true WHERE id = %s', session.user_id)


async def _execute(authority: Authority, session: Session, statement: bytes, value: str) -> None:
    session.ending = time.monotonic()
    done = await authority.database.execute(statement, [value])
    session.ended = time.monotonic()
    assert done.rowcount == 1, f"{statement!r} met {done.rowcount} rows"


IN_TURN: tuple[End, ...] = (sign_out, delete, sign_out, ban)
