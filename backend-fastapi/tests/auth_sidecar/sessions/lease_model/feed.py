"""The connection to the auth server, and what the service does with it: generations, pings, revocations."""

from tests.auth_sidecar.sessions.lease_model.state import LEASE, Feed, Message, Ping, State


def lose_connection(state: State) -> State | None:
    """The connection is lost, and the service does not notice."""
    if state.feed is not Feed.LIVE:
        return None
    return state._replace(feed=Feed.HALF_OPEN, channel=(), ping=None)


def notice_loss(state: State) -> State | None:
    """The service finds that it has no connection."""
    if state.feed is Feed.DOWN:
        return None
    return state._replace(feed=Feed.DOWN, channel=(), ping=None)


def subscribe(state: State) -> State | None:
    """A new connection: from now on the auth server sends what it hears."""
    if state.feed is not Feed.DOWN:
        return None
    return state._replace(feed=Feed.SUBSCRIBED)


def start_generation(state: State) -> State | None:
    """The service empties its cache, forgets its lease and starts a new generation."""
    if state.feed is not Feed.SUBSCRIBED:
        return None
    return in_new_generation(state, Feed.LIVE)._replace(is_cached=False)


def send_ping(state: State) -> State | None:
    """The service sends a ping."""
    if state.feed is not Feed.LIVE or state.ping is not None:
        return None
    return state._replace(ping=Ping(must_wait=state.is_notification_due))


def hear_revocation(state: State) -> State | None:
    """The service hears that the session ended: it forgets it, and what it is asking is overtaken."""
    if next_message(state) is not Message.REVOKE:
        return None
    return overtaken(without_next_message(state))


def hear_another_change(state: State) -> State | None:
    """The service hears of a change that leaves the session valid, or that it shall forget everything."""
    # It need not stand in the channel: nothing follows from its place among the others.
    if state.feed is not Feed.LIVE:
        return None
    return overtaken(state)


def hear_pong(state: State) -> State | None:
    """The service hears the pong: the lease counts from the sending of the ping."""
    if next_message(state) is not Message.PONG or state.ping is None:
        return None
    lease_age = state.ping.age if state.ping.age <= LEASE else None
    return without_next_message(state)._replace(ping=None, lease_age=lease_age)


def in_new_generation(state: State, feed: Feed) -> State:
    ask = state.ask and state.ask._replace(is_of_this_generation=False)
    return state._replace(feed=feed, lease_age=None, ask=ask)


def overtaken(state: State) -> State:
    return state._replace(is_cached=False, ask=state.ask and state.ask._replace(is_overtaken=True))


def next_message(state: State) -> Message | None:
    """Messages wait until the service has flushed."""
    return state.channel[0] if state.channel and state.is_live else None


def without_next_message(state: State) -> State:
    return state._replace(channel=state.channel[1:])
