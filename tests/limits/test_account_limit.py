"""Wrong passwords are counted for each account, from however many addresses: ten in a quarter of an hour."""

from concurrent.futures import ThreadPoolExecutor

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User


def _use_up(stack: Stack, user: User) -> None:
    """Each guess from an address of its own, several at once."""
    wrong = User(email=user.email)
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(ApiClient(stack).sign_in, wrong) for _ in range(14)]
        statuses = [request.result().status_code for request in sent]
    assert (statuses.count(401), statuses.count(429)) == (10, 4)


def test_whoever_uses_up_the_guesses_of_strangers_does_not_lock_the_owner_out(stack: Stack, user: User) -> None:
    browser = Browser(stack)
    browser.sign_up(user).raise_for_status()
    browser.sign_out().raise_for_status()
    browser.sign_in(user).raise_for_status()
    browser.sign_out().raise_for_status()

    _use_up(stack, user)

    refused = ApiClient(stack).sign_in(user)
    assert_refused(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 900
    assert browser.sign_in(user).status_code == 200
    assert browser.me().status_code == 200


def test_an_unknown_address_is_limited_alike(stack: Stack) -> None:
    nobody = User()
    _use_up(stack, nobody)
    assert_refused(ApiClient(stack).sign_in(nobody), 429)
