"""The protocol with one thing left out, each in the way that a hasty implementation would."""

from collections.abc import Mapping
from enum import StrEnum

from tests.auth_sidecar.sessions.lease_model.auth_server import acknowledge
from tests.auth_sidecar.sessions.lease_model.feed import (
    hear_another_change,
    hear_pong,
    hear_revocation,
    in_new_generation,
    next_message,
    start_generation,
    subscribe,
    without_next_message,
)
from tests.auth_sidecar.sessions.lease_model.protocol import PROTOCOL, Rule
from tests.auth_sidecar.sessions.lease_model.requests import (
    given,
    is_storable,
    join_ask,
    joined,
    store_response,
    use_entry,
)
from tests.auth_sidecar.sessions.lease_model.state import Feed, Message, State


class Mutant(StrEnum):
    NO_LEASE = "no lease"
    """An entry is used until a revocation arrives, whether or not one could arrive."""
    STORES_OVERTAKEN = "a response fetched during a revocation is stored"
    """A revocation empties the cache, and nobody tells the ask whose response is on its way."""
    NO_FLUSH = "no flush on reconnect"
    """A new connection keeps the entries that were stored before it."""
    NO_GENERATION = "no generation guard"
    """A response is stored although its ask began before this connection."""
    JOINS_ANY_AGE = "joining an ask of any age"
    """A request waits for whatever ask is under way."""
    LEASE_FROM_PONG = "lease dated from the pong's receipt"
    """The time that the pong was on its way counts as time in which everything was heard."""
    NO_HOLD = "sign-out returns without the wait"
    """The auth server responds to a sign-out right after the commit."""
    FLUSH_FIRST = "flush before the feed is live"
    """A revocation between the flush and the subscription reaches nobody."""


def use_entry_without_lease(state: State) -> State | None:
    """A request starts and is served from the cache, whether or not there is a lease."""
    if not state.is_cached:
        return None
    return state._replace(broken=state.promise_to_a_new_request)


def hear_revocation_for_the_cache_only(state: State) -> State | None:
    """The service hears that the session ended: it forgets it, and nothing else."""
    if next_message(state) is not Message.REVOKE:
        return None
    return without_next_message(state)._replace(is_cached=False)


def hear_another_change_for_the_cache_only(state: State) -> State | None:
    """The service hears of a change that leaves the session valid: it forgets the session, and nothing else."""
    if state.feed is not Feed.LIVE:
        return None
    return state._replace(is_cached=False)


def start_generation_without_flush(state: State) -> State | None:
    """The service forgets its lease and starts a new generation, and keeps its cache."""
    if state.feed is not Feed.SUBSCRIBED:
        return None
    return in_new_generation(state, Feed.LIVE)


def store_response_of_any_generation(state: State) -> State | None:
    """The response arrives, is stored whenever it was asked for, and given to all who wait for it."""
    ask = state.ask and state.ask._replace(is_of_this_generation=True)
    if ask is None or not is_storable(state, ask):
        return None
    return given(state, ask)._replace(is_cached=True)


def join_ask_of_any_age(state: State) -> State | None:
    """A request starts and waits for the ask that is under way, however old."""
    if state.ask is None:
        return None
    return joined(state, state.ask)


def hear_pong_and_date_the_lease_now(state: State) -> State | None:
    """The service hears the pong: the lease counts from now."""
    if next_message(state) is not Message.PONG:
        return None
    return without_next_message(state)._replace(ping=None, lease_age=0)


def acknowledge_at_once(state: State) -> State | None:
    """The sign-out returns, without a wait."""
    if state.since_commit is None or state.is_acknowledged:
        return None
    return state._replace(is_acknowledged=True)


def start_generation_first(state: State) -> State | None:
    """The service empties its cache, forgets its lease and starts a new generation, before it is connected."""
    if state.feed is not Feed.DOWN:
        return None
    return in_new_generation(state, Feed.FLUSHED)._replace(is_cached=False)


def subscribe_last(state: State) -> State | None:
    """A new connection, after the flush: from now on the auth server sends."""
    if state.feed is not Feed.FLUSHED:
        return None
    return state._replace(feed=Feed.LIVE)


REPLACED: Mapping[Mutant, Mapping[Rule, Rule]] = {
    Mutant.NO_LEASE: {use_entry: use_entry_without_lease},
    Mutant.STORES_OVERTAKEN: {
        hear_revocation: hear_revocation_for_the_cache_only,
        hear_another_change: hear_another_change_for_the_cache_only,
    },
    Mutant.NO_FLUSH: {start_generation: start_generation_without_flush},
    Mutant.NO_GENERATION: {store_response: store_response_of_any_generation},
    Mutant.JOINS_ANY_AGE: {join_ask: join_ask_of_any_age},
    Mutant.LEASE_FROM_PONG: {hear_pong: hear_pong_and_date_the_lease_now},
    Mutant.NO_HOLD: {acknowledge: acknowledge_at_once},
    Mutant.FLUSH_FIRST: {start_generation: start_generation_first, subscribe: subscribe_last},
}


def rules_of(mutant: Mutant) -> tuple[Rule, ...]:
    replaced = REPLACED[mutant]
    return tuple(replaced.get(rule, rule) for rule in PROTOCOL)
