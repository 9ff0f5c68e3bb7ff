"""The database cuts its connections while people sign up and write: what was acknowledged is there, exactly once."""

from concurrent.futures import Future, ThreadPoolExecutor

import httpx

from stack.refusal import assert_unavailable
from stack.target import Stack, literal
from stack.visitors import ApiClient, Person

PEOPLE = 60
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('auth_server', 'backend')"


def _sign_up_and_write(stack: Stack, person: Person) -> tuple[Person, ApiClient, list[httpx.Response]]:
    client = ApiClient(stack)
    answers = [client.sign_up(person)]
    if answers[0].status_code == 200:
        answers += [client.me(), client.api("POST", "/notes", json={"text": person.email})]
    return person, client, answers


def test_every_acknowledged_write_is_there_exactly_once(stack: Stack) -> None:
    with ThreadPoolExecutor(4) as pool:
        visits: list[Future[tuple[Person, ApiClient, list[httpx.Response]]]] = [
            pool.submit(_sign_up_and_write, stack, Person()) for _ in range(PEOPLE)
        ]
        cuts = 0
        while not all(visit.done() for visit in visits):
            stack.sql(CUT)
            cuts += 1

    assert cuts > 0
    for person, _, (signed_up, *later) in (visit.result() for visit in visits):
        for answer in (signed_up, *later):
            if answer.status_code not in {200, 201}:
                assert_unavailable(answer)
        if signed_up.status_code == 200:
            _assert_present_once(stack, person, written=later[1].status_code == 201)


def _assert_present_once(stack: Stack, person: Person, *, written: bool) -> None:
    email = literal(person.email)
    (counted,) = stack.sql(
        f"""SELECT (SELECT count(*) FROM "user" WHERE email = {email})::int AS users,
        (SELECT count(*) FROM account a JOIN "user" u ON u.id = a."userId" WHERE u.email = {email})::int AS accounts,
        (SELECT count(*) FROM notes WHERE text = {email})::int AS notes"""
    )
    assert (counted["users"], counted["accounts"]) == (1, 1), person
    if written:
        assert counted["notes"] == 1


def test_nobody_is_left_half_signed_up(stack: Stack) -> None:
    without_account = """SELECT count(*)::int AS n FROM "user" u WHERE NOT EXISTS
        (SELECT FROM account a WHERE a."userId" = u.id)"""

    assert stack.sql(without_account) == [{"n": 0}]
