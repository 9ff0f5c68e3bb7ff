"""What somebody does to the tables by hand counts 50 ms after its commit, for every process of every backend."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from replicas.sites import Sites
from stack.leases import LEASE_SECONDS
from stack.line import Line, LineAnswer
from stack.target import literal
from stack.visitors import ApiClient, Person

pytestmark = pytest.mark.embedded
SECONDS_TO_REFUSE = 10
ENDS = {
    "the session deleted": 'DELETE FROM session WHERE "userId" = {user}',
    "the session expired": 'UPDATE session SET "expiresAt" = now() - interval \'1 second\' WHERE "userId" = {user}',
    "the user banned": 'UPDATE "user" SET banned = true WHERE id = {user}',
    "the user deleted": 'DELETE FROM "user" WHERE id = {user}',
}


def _ask_until_refused(line: Line, credentials: dict[str, str], all_ask: Barrier) -> list[LineAnswer]:
    answers = [line.get("/api/me", credentials)]
    all_ask.wait()
    deadline = time.monotonic() + SECONDS_TO_REFUSE
    while answers[-1].status != 401:
        assert time.monotonic() < deadline, answers[-1]
        answers.append(line.get("/api/me", credentials))
    return answers


@pytest.mark.parametrize("end", ENDS)
def test_no_process_accepts_what_begins_more_than_50_ms_after_the_commit(
    sites: Sites, person: Person, end: str
) -> None:
    client = ApiClient(sites.first.stack)
    user = literal(client.sign_up(person).json()["user"]["id"])
    credentials = client.credentials()
    assert sites.statuses(credentials) == [200] * 4
    url = sites.first.stack.database_superuser_url

    with psycopg.connect(url, autocommit=True) as database, ThreadPoolExecutor(4) as pool:
        all_ask = Barrier(1 + len(sites.lines), timeout=SECONDS_TO_REFUSE)
        asking = [pool.submit(_ask_until_refused, line, credentials, all_ask) for line in sites.lines]
        all_ask.wait()
        database.execute(ENDS[end].format(user=user).encode())
        committed = time.monotonic()
        answers = [answer for asked in asking for answer in asked.result()]

    assert {answer.status for answer in answers} == {200, 401}
    late = [answer.began - committed for answer in answers if answer.status == 200]
    assert max(late) <= LEASE_SECONDS
