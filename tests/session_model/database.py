"""Commits, and the statements that PostgreSQL runs. Each listener hears what it notifies of in the order of commits."""

from collections.abc import Iterator

from session_model.model import Model, notified, with_end, with_server
from session_model.world import End, Note, State, Statement, Status, Step


def commit(model: Model, state: State) -> Iterator[Step]:
    for session, end in enumerate(state.ends):
        if not end.is_committed:
            after = with_end(state, session, end._replace(is_committed=True))
            yield Step(f"session {session} ends: the transaction commits", notified(after, Note("revoke", session)))


def barrier(model: Model, state: State) -> Iterator[Step]:
    for session, end in enumerate(state.ends):
        origin = model.scenario.origins[session]
        if origin is None or origin in model.scenario.first_version_servers or end.is_barrier_sent:
            continue
        if state.servers[origin].status not in {Status.LISTENING, Status.DEAF}:
            continue
        if not end.is_committed and (model.rules.barrier_after_commit and not _may_share(model, state, session)):
            continue
        after = with_end(state, session, _decided_at_once(model, state, origin, end._replace(is_barrier_sent=True)))
        yield Step(
            f"server {origin} sends the barrier of session {session}", notified(after, Note("barrier", session, origin))
        )


def _may_share(model: Model, state: State, session: int) -> bool:
    """In a mutant: another session's barrier is under way, and is taken for this one's too."""
    return not model.rules.shares_no_sent_barrier and any(
        other.is_committed and not other.is_barrier_sent
        for number, other in enumerate(state.ends)
        if number != session and model.scenario.origins[number] == model.scenario.origins[session]
    )


def _decided_at_once(model: Model, state: State, origin: int, end: End) -> End:
    if model.rules.decided_when_heard:
        return end
    members = (number for number, left in enumerate(state.servers[origin].members) if left)
    return end._replace(waits_for=tuple(sorted({origin, *members})))


def run_statement(model: Model, state: State) -> Iterator[Step]:
    for number, server in enumerate(state.servers):
        if server.statement is not Statement.SENT:
            continue
        after = state
        if model.rules.statement_is_sign_of_life and model.rules.sign_of_life_before_pong:
            after = sign_of_life(model, after, number)
        server = after.servers[number]._replace(statement=Statement.RUN)
        after = with_server(after, number, server._replace(heard=(*server.heard, Note("reply"))))
        yield Step(f"the database runs the statement of server {number}", after)


def sign_of_life_elsewhere(model: Model, state: State) -> Iterator[Step]:
    """In a mutant: over another connection, at any time."""
    if model.rules.sign_of_life_before_pong:
        return
    for number, server in enumerate(state.servers):
        if server.status is Status.LISTENING:
            yield Step(f"server {number} gives a sign of life", sign_of_life(model, state, number))


def sign_of_life(model: Model, state: State, number: int) -> State:
    """Only origins remember members."""
    if number in model.scenario.first_version_servers:
        return state
    for origin in {origin for origin in model.scenario.origins if origin not in {None, number}}:
        state = notified(state, Note("member", 0, number), only=origin)
    return state
