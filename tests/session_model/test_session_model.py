"""The protocol keeps its promises in every run; with any one rule left out, there is a run that breaks them."""

from collections.abc import Callable
from dataclasses import fields

import pytest

from session_model.model import Model
from session_model.mutants import MUTANTS, Mutant
from session_model.rules import Rules
from session_model.scenario import Scenario
from session_model.scenarios import LARGE, SMALL
from session_model.search import RULES, Found, Rule, search
from session_model.world import Promise, State

IN_MUTANTS_ONLY = {"mark", "row_is_deleted", "sign_of_life_elsewhere", "write_late_entry"}
BREAKS_A_PROMISE = {"join", "use_entry"}
"""They are steps of late requests only, which find nothing to be accepted by."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "scenario" in metafunc.fixturenames:
        scenarios = SMALL + (LARGE if metafunc.config.getoption("session_model_whole") else ())
        metafunc.parametrize("scenario", scenarios, ids=lambda scenario: scenario.name)


@pytest.fixture(scope="module")
def found() -> Callable[[Scenario], Found]:
    """Small scenarios are searched once."""
    small: dict[Scenario, Found] = {}

    def of(scenario: Scenario) -> Found:
        if scenario not in small:
            small[scenario] = search(Model(scenario))
        return small[scenario] if scenario in SMALL else small.pop(scenario)

    return of


@pytest.fixture(scope="module")
def reached(found: Callable[[Scenario], Found]) -> list[State]:
    return [state for scenario in SMALL for state in found(scenario).reached]


def test_no_run_of_the_protocol_breaks_a_promise(scenario: Scenario, found: Callable[[Scenario], Found]) -> None:
    whole = found(scenario)

    print(f"{scenario.name}: {len(whole.reached):,} states")  # noqa: T201 - the sizes, with -rP
    assert not whole.broken, whole.told()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}")
def test_everything_happens_in_some_run(rule: Rule, found: Callable[[Scenario], Found]) -> None:
    happens = any(rule in found(scenario).happened for scenario in SMALL)

    assert happens is (rule.__name__ not in IN_MUTANTS_ONLY | BREAKS_A_PROMISE)


def test_a_lease_is_held_and_an_old_response_arrives_after_an_end_was_answered(reached: list[State]) -> None:
    answered = [state for state in reached if state.ends[0].is_answered]

    assert any(process.lease for state in answered for process in state.processes)
    assert any(any(process.asks) for state in answered for process in state.processes)


def test_an_entry_is_used_until_the_last_moment_that_is_promised(reached: list[State]) -> None:
    assert any(
        process.cached[0] and process.lease and state.ends[0].since == 1
        for state in reached
        for process in state.processes
        if len(state.servers) == 1
    )


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.rule}: {mutant.name}")
def test_with_one_rule_left_out_a_late_request_is_accepted(mutant: Mutant) -> None:
    found = search(mutant.model, until=Promise.ANSWERED)

    print(found.told())  # noqa: T201 - the counter-examples, with -rP
    assert found.broken is Promise.ANSWERED


def test_every_rule_has_a_mutant() -> None:
    assert {mutant.left_out for mutant in MUTANTS} - {None} == {field.name for field in fields(Rules)}
    assert {mutant.rule for mutant in MUTANTS} == set(range(1, 16))
