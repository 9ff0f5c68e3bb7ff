"""Users in a state that tests need: signed up, administrator, banned, deleted, with sessions and tokens as rows."""

import contextlib
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

from stack.target import Stack, literal
from stack.visitors import ApiClient, User, Visitor
from stack.waiting import eventually


def sign_up(visitor: Visitor, user: User | None = None) -> str:
    """The new user's id. The visitor has their first session."""
    return visitor.sign_up(user or User()).raise_for_status().json()["user"]["id"]


def sign_up_admin(visitor: Visitor) -> str:
    """The administrator's id. Only SQL makes the first one."""
    user_id = sign_up(visitor)
    visitor.stack.sql(f"""UPDATE "user" SET role = 'admin' WHERE id = {literal(user_id)}""")
    return user_id


def sign_in_elsewhere(stack: Stack, user: User) -> ApiClient:
    """Another session of this user, which both services know."""
    elsewhere = ApiClient(stack)
    elsewhere.sign_in(user).raise_for_status()
    elsewhere.me().raise_for_status()
    return elsewhere


def ban(stack: Stack, user_id: str) -> None:
    stack.sql(f'UPDATE "user" SET banned = true WHERE id = {literal(user_id)}')


def delete_user(stack: Stack, user_id: str) -> None:
    stack.sql(f'DELETE FROM "user" WHERE id = {literal(user_id)}')


def delete_sessions(stack: Stack, user_id: str) -> None:
    stack.sql(f'DELETE FROM session WHERE "userId" = {literal(user_id)}')


def set_expiry(stack: Stack, user_id: str, interval: str) -> None:
    """Of all sessions of this user, counted from now: `5 days`, `-1 second`."""
    expiry = f"now() + interval {literal(interval)}"
    stack.sql(f'UPDATE session SET "expiresAt" = {expiry} WHERE "userId" = {literal(user_id)}')


def change_email(stack: Stack, user_id: str, email: str) -> None:
    stack.sql(f'UPDATE "user" SET email = {literal(email)}, "updatedAt" = now() WHERE id = {literal(user_id)}')


def add_sessions(stack: Stack, user_id: str, count: int) -> None:
    """Sessions whose tokens nobody has."""
    unique = f"'many-' || n || {literal(user_id)}"
    stack.sql(
        'INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") '
        f"SELECT {unique}, {unique}, {literal(user_id)}, now() + interval '1 day', now(), now() "
        f"FROM generate_series(1, {count}) AS n"
    )


def add_reset_token(stack: Stack, user_id: str) -> str:
    """As if the user had asked for a mail: the database keeps only the token's hash."""
    token = f"a-reset-token-for-{user_id}"
    digest = hashlib.sha256(f"reset-password:{token}".encode()).digest()
    identifier = urlsafe_b64encode(digest).decode().rstrip("=")
    stack.sql(
        'INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt") '
        f"VALUES (gen_random_uuid()::text, {literal(identifier)}, {literal(user_id)}, "
        "now() + interval '1 hour', now(), now())"
    )
    return token


_LOCKS = "FROM pg_locks WHERE relation = 'app_users'::regclass"
_HELD = f"SELECT 1 {_LOCKS} AND mode = 'ShareRowExclusiveLock' AND granted"


@contextlib.contextmanager
def first_requests_racing(stack: Stack, writers: int) -> Generator[None]:
    """Holds app_users until so many have found no row and want to write one: else the first would be done before the
    others look."""
    hold = f"""DO $$ BEGIN
      LOCK TABLE app_users IN SHARE ROW EXCLUSIVE MODE;
      FOR look IN 1..400 LOOP
        EXIT WHEN (SELECT count(*) {_LOCKS} AND NOT granted) >= {writers};
        PERFORM pg_sleep(0.05);
      END LOOP;
    END $$"""
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(stack.sql, hold)
        eventually(lambda: stack.sql(_HELD), within_seconds=60)
        yield
        held.result()
