"""Many sign-ins at once wait a little or are put off; nobody else notices."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from stack.refusal import assert_refused
from stack.target import Stack
from stack.visitors import ApiClient, Person

AT_ONCE = 100
PATIENCE_SECONDS = 3


def test_a_flood_of_sign_ins_leaves_session_checks_alone(stack: Stack, client: ApiClient, person: Person) -> None:
    client.sign_up(person).raise_for_status()
    long = Person(email=person.email, password="x" * 128)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        flood = [pool.submit(ApiClient(stack).sign_in, long if n % 2 else person) for n in range(AT_ONCE)]
        checks: list[tuple[int, float]] = []
        while not all(sign_in.done() for sign_in in flood):
            began = time.monotonic()
            checks.append((client.me().status_code, time.monotonic() - began))
        answers: list[httpx.Response] = [sign_in.result() for sign_in in flood]

    assert {status for status, _ in checks} == {200}
    assert max(seconds for _, seconds in checks) < PATIENCE_SECONDS
    assert {answer.status_code for answer in answers} <= {200, 401, 429, 503}
    assert any(answer.status_code == 200 for answer in answers)
    for answer in answers:
        if answer.status_code in {429, 503}:
            assert_refused(answer, 429, 503)
            assert int(answer.headers["retry-after"]) >= 1


def test_after_a_flood_everyone_signs_in_again(stack: Stack, person: Person) -> None:
    ApiClient(stack).sign_up(person).raise_for_status()

    assert ApiClient(stack).sign_in(person).status_code == 200
