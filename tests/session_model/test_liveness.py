"""Without faults the answer waits for no clock: once everything has been delivered, all have acknowledged."""

from dataclasses import replace

import pytest

from session_model.model import Model
from session_model.scenario import Scenario
from session_model.scenarios import MEMBER, ONE, TWO_PROCESSES
from session_model.search import DELIVERIES, search
from session_model.servers import answer
from session_model.world import State

HEALTHY = (
    ONE,
    replace(MEMBER, leased=True),
    replace(TWO_PROCESSES, leased=True),
    replace(MEMBER, name="a third server", leases=(1, 1, 1), starts_at=(2,), leased=True),
    replace(ONE, name="two barriers at once", origins=(0, 0), leased=True),
)


@pytest.mark.parametrize("scenario", HEALTHY, ids=lambda scenario: scenario.name)
def test_what_was_delivered_to_all_is_answered_without_a_tick(scenario: Scenario) -> None:
    model = Model(scenario, is_pruned=False)
    found = search(model)
    delivered = [state for state in found.reached if _is_delivered(model, state)]
    waiting = [state for state in delivered if any(end.is_committed and not end.is_answered for end in state.ends)]

    assert waiting
    assert all(_is_acknowledged(model, state) for state in waiting)


def _is_delivered(model: Model, state: State) -> bool:
    return not any(True for rule in DELIVERIES for _ in rule(model, state))


def _is_acknowledged(model: Model, state: State) -> bool:
    """Each end that is not answered yet can be."""
    acknowledged = [step for step in answer(model, state) if step.words.endswith("all have acknowledged")]
    return len(acknowledged) == sum(end.is_committed and not end.is_answered for end in state.ends)
