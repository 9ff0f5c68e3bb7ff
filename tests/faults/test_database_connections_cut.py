"""The database cuts its connections while users sign up and write: what was acknowledged is there, exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from stack.refusal import assert_unavailable
from stack.target import Stack, literal
from stack.visitors import ApiClient, User

pytestmark = pytest.mark.usefixtures("recovered_afterwards")
USERS = 60
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('auth_server', 'backend')"


@dataclass(frozen=True)
class Visit:
    """`later`: reading and writing with the new session; empty where the sign-up failed."""

    user: User
    signed_up: httpx.Response
    later: tuple[httpx.Response, ...]


@pytest.fixture(scope="module")
def visits(stack: Stack) -> list[Visit]:
    with ThreadPoolExecutor(4) as pool:
        under_way = [pool.submit(_sign_up_and_write, stack, User()) for _ in range(USERS)]
        cuts = 0
        while not all(visit.done() for visit in under_way):
            stack.sql(CUT)
            cuts += 1
    assert cuts > 0
    return [visit.result() for visit in under_way]


def _sign_up_and_write(stack: Stack, user: User) -> Visit:
    client = ApiClient(stack)
    signed_up = client.sign_up(user)
    if signed_up.status_code != 200:
        return Visit(user, signed_up, ())
    return Visit(user, signed_up, (client.me(), client.api("POST", "/notes", json={"text": user.email})))


def test_every_acknowledged_write_is_there_exactly_once(stack: Stack, visits: list[Visit]) -> None:
    for visit in visits:
        for response in (visit.signed_up, *visit.later):
            if response.status_code not in {200, 201}:
                assert_unavailable(response)
        if visit.signed_up.status_code == 200:
            users, accounts, notes = _rows(stack, visit.user)
            assert (users, accounts) == (1, 1), visit.user
            if visit.later[1].status_code == 201:
                assert notes == 1


def test_nobody_is_left_half_signed_up(stack: Stack, visits: list[Visit]) -> None:
    rows = [_rows(stack, visit.user) for visit in visits]

    assert {(users, accounts) for users, accounts, _ in rows} <= {(0, 0), (1, 1)}


def _rows(stack: Stack, user: User) -> tuple[int, int, int]:
    """How many users, accounts and notes are this user's."""
    email = literal(user.email)
    (counted,) = stack.sql(
        f"""SELECT (SELECT count(*) FROM "user" WHERE email = {email})::int AS users,
        (SELECT count(*) FROM account a JOIN "user" u ON u.id = a."userId" WHERE u.email = {email})::int AS accounts,
        (SELECT count(*) FROM notes WHERE text = {email})::int AS notes"""
    )
    return counted["users"], counted["accounts"], counted["notes"]
