"""Sign-ins are counted for each client address: three in ten seconds, whatever the client says about itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, User, new_address


def _try(client: ApiClient, **headers: str) -> int:
    """At another account each time: those are counted too."""
    wrong = {"email": User().email, "password": "not the password"}
    return client.auth("POST", "/sign-in/email", json=wrong, headers=headers).status_code


def test_the_fourth_sign_in_of_an_address_is_put_off_and_others_are_not(
    stack: Stack, client: ApiClient, user: User
) -> None:
    ApiClient(stack).sign_up(user).raise_for_status()
    assert [_try(client) for _ in range(3)] == [401] * 3

    rejected = client.sign_in(user)

    assert_refused(rejected, 429)
    assert 1 <= int(rejected.headers["retry-after"]) <= 10
    assert user.email not in rejected.text
    assert ApiClient(stack).sign_in(user).status_code == 200


@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "forwarded", "cf-connecting-ip", "true-client-ip", "x-client-ip"]
)
def test_a_client_cannot_choose_to_be_someone_else(client: ApiClient, header: str) -> None:
    statuses = [
        _try(client, **{header: f"for={new_address()}" if header == "forwarded" else new_address()}) for _ in range(6)
    ]

    assert statuses == [401] * 3 + [429] * 3


def test_aliases_of_one_ipv6_network_are_one_client(stack: Stack) -> None:
    network = new_address().split(".")[1:]
    prefix = "2001:db8:" + ":".join(f"{int(part):x}" for part in network[:2])
    aliases = [f"{prefix}::1", f"{prefix}:0:0:0:2", f"{prefix}:ffff::".upper(), f"{prefix}:0:0:0:4", f"{prefix}::5"]

    statuses = [_try(ApiClient(stack, address)) for address in aliases]

    assert statuses == [401] * 3 + [429] * 2


def test_an_ipv4_address_written_as_ipv6_is_the_same_client(stack: Stack) -> None:
    address = new_address()
    mapped = "::ffff:" + address

    statuses = [_try(ApiClient(stack, alias)) for alias in (address, mapped, address, mapped)]

    assert statuses == [401] * 3 + [429]


def test_a_burst_in_parallel_gets_no_more_than_the_limit(client: ApiClient) -> None:
    with ThreadPoolExecutor(30) as pool:
        statuses = [done.result() for done in [pool.submit(_try, client) for _ in range(30)]]

    assert statuses.count(401) <= 3
    assert set(statuses) <= {401, 429, 503}


def test_asking_who_is_signed_in_has_its_own_count(client: ApiClient) -> None:
    assert [_try(client) for _ in range(4)][-1] == 429

    assert client.session().status_code == 401
    assert client.auth("GET", "/get-session").status_code == 200
