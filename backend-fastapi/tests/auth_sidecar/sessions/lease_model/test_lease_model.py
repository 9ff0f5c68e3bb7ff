"""The protocol keeps its promises in every run; with any one thing left out, there is a run that breaks them."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import pytest

from tests.auth_sidecar.sessions.lease_model.mutants import Mutant, rules_of
from tests.auth_sidecar.sessions.lease_model.protocol import PROTOCOL, Rule
from tests.auth_sidecar.sessions.lease_model.requests import (
    ask_again,
    give_response,
    join_ask,
    store_response,
    use_entry,
)
from tests.auth_sidecar.sessions.lease_model.search import Search, search
from tests.auth_sidecar.sessions.lease_model.state import LEASE, Ask, Promise, Response, State


@dataclass
class Tally:
    protocol: str = "not searched"
    refuted: set[Mutant] = field(default_factory=set[Mutant])


@pytest.fixture(scope="session")
def tally(report: Callable[[str], None]) -> Generator[Tally]:
    tally = Tally()
    yield tally
    report(f"lease model: {tally.protocol}; {len(tally.refuted)} of {len(Mutant)} mutants refuted")


@pytest.fixture(scope="session")
def protocol(tally: Tally) -> Search:
    found = search(PROTOCOL)
    verdict = f"{len(found.broken)} of {len(Promise)} promises broken" if found.broken else "no violation"
    tally.protocol = f"{len(found.reached):,} states, {verdict}"
    return found


def in_some_run(found: Search, rule: Rule, when: Callable[[State, Ask], bool]) -> bool:
    """That rule meets an ask of that kind."""
    return any(rule(state) for state in found.reached if state.ask and when(state, state.ask))


def test_no_run_of_the_protocol_breaks_a_promise(protocol: Search) -> None:
    assert not protocol.broken, protocol.told()


@pytest.mark.parametrize("rule", PROTOCOL)
def test_everything_happens_in_some_run(protocol: Search, rule: Rule) -> None:
    assert any(rule(state) for state in protocol.reached)


def test_an_entry_is_used_until_the_last_moment_that_is_promised(protocol: Search) -> None:
    assert any(use_entry(state) for state in protocol.reached if state.since_commit == LEASE)


def test_a_lease_is_held_and_an_old_response_arrives_after_the_sign_out_has_returned(protocol: Search) -> None:
    over = [state for state in protocol.reached if state.is_acknowledged]

    assert any(state.lease_age is not None for state in over)
    assert any(state.ask.response is Response.VALID for state in over if state.ask)


def test_a_request_joins_an_overtaken_ask_after_the_sign_out_has_returned(protocol: Search) -> None:
    assert in_some_run(protocol, join_ask, lambda state, ask: state.is_acknowledged and ask.is_overtaken)


@pytest.mark.parametrize("rule", [ask_again, give_response])
def test_an_overtaken_response_is_asked_again_or_given_in_the_end(protocol: Search, rule: Rule) -> None:
    assert in_some_run(protocol, rule, lambda _, ask: ask.is_overtaken and ask.response is Response.VALID)


def test_no_overtaken_response_is_stored(protocol: Search) -> None:
    assert not in_some_run(protocol, store_response, lambda _, ask: ask.is_overtaken)


@pytest.mark.parametrize("mutant", Mutant)
def test_with_one_thing_left_out_a_run_breaks_both_promises(mutant: Mutant, tally: Tally) -> None:
    found = search(rules_of(mutant), until=Promise.SIGN_OUT)

    print(found.told())  # noqa: T201 - the counter-examples, with -rP
    assert Promise.SIGN_OUT in found.broken
    assert Promise.BOUND in found.broken or mutant is Mutant.NO_HOLD  # what ends by SQL has no response to hold back
    tally.refuted.add(mutant)
