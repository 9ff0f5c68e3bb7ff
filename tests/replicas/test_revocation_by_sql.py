"""What is changed in the tables by SQL counts within a lease of its commit, for every process of every backend."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from replicas.sites import Sites
from replicas.worker_connection import WorkerConnection, WorkerResponse
from stack.target import literal
from stack.users import sign_up
from stack.visitors import ApiClient, User
from stack.waiting import LEASE_SECONDS

pytestmark = pytest.mark.embedded
SECONDS_TO_REFUSE = 30
ENDS = {
    "the session deleted": 'DELETE FROM session WHERE "userId" = {user_id}',
    "the session expired": 'UPDATE session SET "expiresAt" = now() - interval \'1 second\' WHERE "userId" = {user_id}',
    "the user banned": 'UPDATE "user" SET banned = true WHERE id = {user_id}',
    "the user deleted": 'DELETE FROM "user" WHERE id = {user_id}',
}


def _send_until_refused(
    connection: WorkerConnection, credentials: dict[str, str], all_sending: Barrier
) -> list[WorkerResponse]:
    responses = [connection.get("/api/me", credentials)]
    all_sending.wait()
    deadline = time.monotonic() + SECONDS_TO_REFUSE
    while responses[-1].status != 401:
        assert time.monotonic() < deadline, responses[-1]
        responses.append(connection.get("/api/me", credentials))
    return responses


@pytest.mark.parametrize("end", ENDS)
def test_no_process_accepts_what_begins_more_than_a_lease_after_the_commit(sites: Sites, user: User, end: str) -> None:
    client = ApiClient(sites.first.stack)
    user_id = literal(sign_up(client, user))
    credentials = client.credentials()
    assert sites.statuses(credentials) == [200] * 4
    url = sites.first.stack.database_superuser_url

    with psycopg.connect(url, autocommit=True) as database, ThreadPoolExecutor(4) as pool:
        all_sending = Barrier(1 + len(sites.connections), timeout=SECONDS_TO_REFUSE)
        sending = [
            pool.submit(_send_until_refused, connection, credentials, all_sending) for connection in sites.connections
        ]
        all_sending.wait()
        database.execute(ENDS[end].format(user_id=user_id).encode())
        committed = time.monotonic()
        responses = [response for sent in sending for response in sent.result()]

    assert {response.status for response in responses} == {200, 401}
    late = [response.began - committed for response in responses if response.status == 200]
    assert max(late) <= LEASE_SECONDS
