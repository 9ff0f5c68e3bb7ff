"""The oracle finds each kind of lie, and believes who tells none."""

import time

import pytest

from failover.oracle.oracle import Oracle
from failover.oracle.stand_in import StandIn, serving
from stack.waiting import eventually

SAID = {
    "accepts what has ended": "accepted a session whose end had been acknowledged",
    "refuses who is signed in": "refused a living session",
    "breaks down": ": 500",
    "does not say when to come again": ": 503",
    "is unavailable for ever": "still 503",
}


def test_an_honest_service_is_believed() -> None:
    with serving(StandIn()) as stack:
        oracle = Oracle([stack, stack], promote=lambda _: None)
        with oracle.watching():
            since = time.monotonic()
            oracle.await_answers(since, within_seconds=30)

        assert _said(oracle, since) == []


@pytest.mark.parametrize("lie", SAID)
def test_a_lie_is_found(lie: str) -> None:
    stand_in = StandIn(lie)
    with serving(stand_in) as stack:
        oracle = Oracle([stack, stack], promote=lambda _: None)
        with oracle.watching():
            stand_in.lies_now = True
            since = time.monotonic()
            eventually(lambda: [what for what in _said(oracle, since) if SAID[lie] in what], within_seconds=30)


def _said(oracle: Oracle, since: float) -> list[str]:
    return [*oracle.ledger.violations, *oracle.ledger.unavailable_since(since)]
