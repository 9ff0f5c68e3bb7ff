"""Whatever is done at one auth server is so at the other, and in the one row of app_users."""

import pytest

from replicas.sites import Sites
from stack.target import literal
from stack.users import first_requests_racing, sign_up
from stack.visitors import ApiClient, Browser, User

pytestmark = pytest.mark.embedded


def test_who_signs_in_at_one_auth_server_is_known_to_every_process_at_once(sites: Sites, user: User) -> None:
    Browser(sites.first.stack).sign_up(user).raise_for_status()
    visitor = ApiClient(sites.second.stack)

    visitor.sign_in(user).raise_for_status()

    assert sites.statuses(visitor.credentials()) == [200] * 4
    elsewhere = ApiClient(sites.first.stack, token=visitor.token)
    assert elsewhere.session().json()["user"]["email"] == user.email


def test_a_changed_name_is_seen_by_every_process_at_the_next_request_and_is_in_the_row(
    sites: Sites, user: User
) -> None:
    browser = Browser(sites.first.stack)
    user_id = sign_up(browser, user)
    assert {response.body["name"] for response in sites.request(browser.credentials())} == {user.name}

    browser.auth("POST", "/update-user", json={"name": "Grace Hopper"}).raise_for_status()

    responses = sites.request(browser.credentials())
    assert [(response.status, response.body["name"]) for response in responses] == [(200, "Grace Hopper")] * 4
    rows = browser.stack.sql(f"SELECT name FROM app_users WHERE user_id = {literal(user_id)}")
    assert rows == [{"name": "Grace Hopper"}]


def test_racing_first_requests_to_every_process_make_one_row(sites: Sites, user: User) -> None:
    client = ApiClient(sites.first.stack)
    stack = client.stack
    user_id = sign_up(client, user)

    with first_requests_racing(stack, writers=len(sites.connections)):
        responses = sites.request(client.credentials())

    assert [response.status for response in responses] == [200] * 4
    assert len({response.body["id"] for response in responses}) == 1
    assert stack.sql(f"SELECT count(*) FROM app_users WHERE user_id = {literal(user_id)}") == [{"count": 1}]


def test_sign_ins_are_counted_by_both_auth_servers_together(sites: Sites) -> None:
    here = ApiClient(sites.first.stack)
    there = ApiClient(sites.second.stack, address=here.address)

    statuses = [client.sign_in(User()).status_code for client in (here, there, here, there)]

    assert statuses == [401, 401, 401, 429]
