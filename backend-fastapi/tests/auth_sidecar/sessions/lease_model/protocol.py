"""All that can happen."""

from collections.abc import Callable
from typing import TypeAlias

from tests.auth_sidecar.sessions.lease_model import auth_server, feed, requests
from tests.auth_sidecar.sessions.lease_model.state import HOLD, LEASE, TOO_OLD, State

Rule: TypeAlias = Callable[[State], State | None]


def tick(state: State) -> State:
    """A tick passes."""
    return state._replace(
        since_commit=None if state.since_commit is None else min(state.since_commit + 1, HOLD),
        ping=state.ping and state.ping._replace(age=min(state.ping.age + 1, TOO_OLD)),
        lease_age=None if state.lease_age is None or state.lease_age >= LEASE else state.lease_age + 1,
        ask=state.ask and state.ask._replace(age=min(state.ask.age + 1, TOO_OLD)),
    )


PROTOCOL: tuple[Rule, ...] = (
    tick,
    auth_server.end_session,
    auth_server.notify,
    auth_server.acknowledge,
    auth_server.pong,
    auth_server.read_session,
    feed.lose_connection,
    feed.notice_loss,
    feed.subscribe,
    feed.start_generation,
    feed.send_ping,
    feed.hear_revocation,
    feed.hear_another_change,
    feed.hear_pong,
    requests.use_entry,
    requests.begin_ask,
    requests.join_ask,
    requests.store_response,
    requests.give_response,
    requests.ask_again,
)
