"""What the service does with a request: the cache, an ask that is under way, or one of its own."""

from tests.auth_sidecar.sessions.lease_model.state import LEASE, MOST_READS, Ask, Response, State


def use_entry(state: State) -> State | None:
    """A request starts and is accepted by the cache."""
    if not state.is_cached or state.lease_age is None:
        return None
    return state._replace(broken=state.promise_to_a_new_request)


def begin_ask(state: State) -> State | None:
    """A request starts and asks the auth server."""
    # Beside an entry too: one that is due for its sliding refresh.
    if state.ask is not None:
        return None
    return state._replace(ask=Ask(late_for=state.promise_to_a_new_request))


def join_ask(state: State) -> State | None:
    """A request starts and waits for the ask that is under way."""
    # Overtaken or not: whom an ask concerns is not known before its response.
    if state.ask is None or state.ask.age > LEASE:
        return None
    return joined(state, state.ask)


def store_response(state: State) -> State | None:
    """The response arrives, is stored, and given to all who wait for it."""
    if state.ask is None or not is_storable(state, state.ask):
        return None
    return given(state, state.ask)._replace(is_cached=True)


def give_response(state: State) -> State | None:
    """The response arrives and is given to all who wait for it, not stored."""
    ask = state.ask
    if ask is None or ask.response is None or is_storable(state, ask):
        return None
    if ask.is_overtaken and ask.reads < MOST_READS:
        return None
    return given(state, ask)


def ask_again(state: State) -> State | None:
    """The response arrives and is out of date: the service asks again, and all who wait go on waiting."""
    ask = state.ask
    if ask is None or ask.response is None or ask.reads == MOST_READS:
        return None
    if not ask.is_overtaken and ask.is_of_this_generation:
        return None
    return state._replace(ask=Ask(ask.late_for, reads=ask.reads + 1))


def is_storable(state: State, ask: Ask) -> bool:
    return ask.response is Response.VALID and not ask.is_overtaken and ask.is_of_this_generation and state.is_live


def joined(state: State, ask: Ask) -> State:
    return state._replace(ask=ask._replace(late_for=state.promise_to_a_new_request))


def given(state: State, ask: Ask) -> State:
    return state._replace(ask=None, broken=ask.late_for if ask.response is Response.VALID else None)
