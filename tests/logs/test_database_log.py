"""PostgreSQL's own log holds no row, no statement and no parameter, whatever fails: so no mail address."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from stack.target import Stack
from stack.visitors import ApiClient, User
from stack.waiting import eventually

TABLES = """CREATE TEMP TABLE narrow (email varchar(9));
    CREATE TEMP TABLE checked (email text CHECK (length(email) < 9));
    CREATE TEMP TABLE needed (email text, other text NOT NULL)"""
INSERT_USER = """INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
    VALUES (%(id)s, %(email)s, %(email)s, false, now(), now())"""
INSERT_ACCOUNT = """INSERT INTO account ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
    VALUES (%(id)s, 'x', 'x', %(email)s, now(), now())"""
# A statement that fails when it runs for the second time at the latest, and the kind of its message.
FAILING = {
    "a row that is there already": (INSERT_USER, "duplicate key"),
    "a value that is too long": ("INSERT INTO narrow VALUES (%(email)s)", "too long"),
    "a check": ("INSERT INTO checked VALUES (%(email)s)", "check constraint"),
    "a null": ("INSERT INTO needed VALUES (%(email)s)", "not-null"),
    "a foreign key": (INSERT_ACCOUNT, "foreign key"),
    "a statement that is no SQL": ("SELECT %(email)s FRMO nothing", "syntax error"),
}


@pytest.mark.embedded
@pytest.mark.parametrize("cursor", [psycopg.ClientCursor, psycopg.Cursor], ids=["in the text", "as parameters"])
@pytest.mark.parametrize("name", FAILING)
def test_a_statement_that_fails_leaves_no_address(
    stack: Stack, name: str, cursor: type[psycopg.Cursor[tuple[object, ...]]]
) -> None:
    statement, kind = FAILING[name]
    address = f"canary{secrets.token_hex(8)}@example.com"
    values = {"id": secrets.token_hex(8), "email": address}
    with psycopg.connect(stack.database_superuser_url, autocommit=True) as connection:
        connection.execute(TABLES.encode())
        opened = cursor(connection)
        with pytest.raises(psycopg.Error):  # noqa: PT012 - it depends on the statement which of them fails
            opened.execute(statement.encode(), values)
            opened.execute(statement.encode(), values)

    eventually(lambda: kind in stack.logs("postgres"), within_seconds=30)
    assert address not in stack.logs("postgres")


def test_sign_ups_that_race_leave_no_address(stack: Stack) -> None:
    user = User()

    def sign_up(_number: int) -> httpx.Response:
        return ApiClient(stack).sign_up(user)

    with ThreadPoolExecutor(8) as pool:
        statuses = {response.status_code for response in pool.map(sign_up, range(8))}

    assert 200 in statuses
    assert user.email not in stack.logs("postgres")
