"""Many sign-ins at once wait a little or are put off; nobody else notices."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, User

AT_ONCE = 100
PATIENCE_SECONDS = 3


def test_a_flood_of_sign_ins_leaves_session_checks_alone(stack: Stack, client: ApiClient, user: User) -> None:
    client.sign_up(user).raise_for_status()
    # Of nobody, each another: wrong passwords of one account use up its guesses, the more the faster they are verified.
    long = [User(password="x" * 128) for _ in range(AT_ONCE)]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        flood = [pool.submit(ApiClient(stack).sign_in, long[n] if n % 2 else user) for n in range(AT_ONCE)]
        checks: list[tuple[int, float]] = []
        while not all(sign_in.done() for sign_in in flood):
            began = time.monotonic()
            checks.append((client.me().status_code, time.monotonic() - began))
        responses: list[httpx.Response] = [sign_in.result() for sign_in in flood]

    assert {status for status, _ in checks} == {200}
    assert max(seconds for _, seconds in checks) < PATIENCE_SECONDS
    assert {response.status_code for response in responses} <= {200, 401, 429, 503}
    assert any(response.status_code == 200 for response in responses)
    for response in responses:
        if response.status_code in {429, 503}:
            assert_refused(response, 429, 503)
            assert int(response.headers["retry-after"]) >= 1
    assert ApiClient(stack).sign_in(user).status_code == 200, "after the flood"
