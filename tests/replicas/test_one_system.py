"""Whatever is done at one auth server is so at the other, and in the one row of app_users."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from replicas.sites import Sites
from stack.eventually import eventually
from stack.target import literal
from stack.visitors import ApiClient, Browser, Person

pytestmark = pytest.mark.embedded
LOCKS = "FROM pg_locks WHERE relation = 'app_users'::regclass"
HELD = f"SELECT 1 {LOCKS} AND mode = 'ShareRowExclusiveLock' AND granted"
# Until all have looked, found no row and want to write.
HOLD = f"""DO $$ BEGIN
  LOCK TABLE app_users IN SHARE ROW EXCLUSIVE MODE;
  FOR look IN 1..400 LOOP
    EXIT WHEN (SELECT count(*) {LOCKS} AND NOT granted) >= {{all}};
    PERFORM pg_sleep(0.05);
  END LOOP;
END $$"""


def test_who_signs_in_at_one_auth_server_is_known_to_every_process_at_once(sites: Sites, person: Person) -> None:
    Browser(sites.first.stack).sign_up(person).raise_for_status()
    visitor = ApiClient(sites.second.stack)

    visitor.sign_in(person).raise_for_status()

    assert sites.statuses(visitor.credentials()) == [200] * 4
    elsewhere = ApiClient(sites.first.stack, token=visitor.token)
    assert elsewhere.session().json()["user"]["email"] == person.email


def test_a_changed_name_is_seen_by_every_process_at_the_next_request_and_is_in_the_row(
    sites: Sites, person: Person
) -> None:
    browser = Browser(sites.first.stack)
    user = browser.sign_up(person).json()["user"]["id"]
    assert {answer.body["name"] for answer in sites.ask(browser.credentials())} == {person.name}

    browser.auth("POST", "/update-user", json={"name": "Grace Hopper"}).raise_for_status()

    answers = sites.ask(browser.credentials())
    assert [(answer.status, answer.body["name"]) for answer in answers] == [(200, "Grace Hopper")] * 4
    rows = browser.stack.sql(f"SELECT name FROM app_users WHERE user_id = {literal(user)}")
    assert rows == [{"name": "Grace Hopper"}]


def test_racing_first_requests_to_every_process_make_one_row(sites: Sites, person: Person) -> None:
    client = ApiClient(sites.first.stack)
    stack = client.stack
    user = client.sign_up(person).json()["user"]["id"]

    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(stack.sql, HOLD.format(all=len(sites.lines)))
        eventually(lambda: stack.sql(HELD), within_seconds=15)
        answers = sites.ask(client.credentials())
        held.result()

    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.body["id"] for answer in answers}) == 1
    assert stack.sql(f"SELECT count(*) FROM app_users WHERE user_id = {literal(user)}") == [{"count": 1}]


def test_sign_ins_are_counted_by_both_auth_servers_together(sites: Sites) -> None:
    here = ApiClient(sites.first.stack)
    there = ApiClient(sites.second.stack, address=here.address)

    statuses = [client.sign_in(Person()).status_code for client in (here, there, here, there)]

    assert statuses == [401, 401, 401, 429]
