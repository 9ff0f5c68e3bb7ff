"""What happens to the session in the database, and what the auth server makes of it.

A rule is something that may happen next. It returns the state after it, or None where it cannot happen; its docstring
is how a trace tells of it.
"""

from tests.auth_sidecar.sessions.lease_model.state import HOLD, Message, Response, State


def end_session(state: State) -> State | None:
    """The session ends: the transaction commits."""
    if state.since_commit is not None:
        return None
    return state._replace(since_commit=0, is_notification_due=True)


def notify(state: State) -> State | None:
    """The notification reaches the auth server."""
    if not state.is_notification_due:
        return None
    ping = state.ping and state.ping._replace(must_wait=False)
    return state._replace(is_notification_due=False, channel=after_sending(Message.REVOKE, state), ping=ping)


def acknowledge(state: State) -> State | None:
    """The sign-out returns."""
    if state.since_commit is None or state.since_commit < HOLD or state.is_acknowledged:
        return None
    return state._replace(is_acknowledged=True)


def pong(state: State) -> State | None:
    """The auth server sends the pong."""
    # The barrier: by now it has heard, and passed on, what was committed before the ping was sent.
    if state.ping is None or state.ping.must_wait or Message.PONG in state.channel or not state.is_subscribed:
        return None
    return state._replace(channel=after_sending(Message.PONG, state))


def read_session(state: State) -> State | None:
    """The auth server reads the session for the ask."""
    if state.ask is None or state.ask.response is not None:
        return None
    response = Response.VALID if state.since_commit is None else Response.OVER
    return state._replace(ask=state.ask._replace(response=response))


def after_sending(message: Message, state: State) -> tuple[Message, ...]:
    """The channel; without a subscriber, nothing is sent."""
    return (*state.channel, message) if state.is_subscribed else state.channel
