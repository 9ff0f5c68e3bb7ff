"""What the database, the auth server, the feed and the service know at one moment."""

from enum import StrEnum
from typing import NamedTuple

LEASE = 2
"""Ticks in which cached responses may be used, from the ping's sending; the age up to which an ask may be joined."""
HOLD = LEASE + 1
"""Ticks from the commit of a sign-out to its response."""
MOST_READS = 3
"""An ask whose third read is overtaken too ends all the same: its response is given, never stored."""
TOO_OLD = LEASE + 1
"""Ages are not told apart from here on."""


class Promise(StrEnum):
    """What docs/session-cache.md guarantees."""

    SIGN_OUT = "no request that starts after a sign-out has returned is accepted"
    BOUND = "no request that starts more than LEASE ticks after the commit is accepted"


class Feed(StrEnum):
    """The connection from the auth server to the service."""

    DOWN = "the service knows that there is none"
    SUBSCRIBED = "the auth server sends, the service has not flushed yet"
    FLUSHED = "the service has flushed, the auth server does not send yet: the wrong order, in a mutant only"
    LIVE = "the auth server sends, the service listens"
    HALF_OPEN = "it is lost, the service does not know"


class Message(StrEnum):
    """From the auth server to the service, in order."""

    REVOKE = "forget this session"
    PONG = "you have heard of all that was committed before your ping"


class Response(StrEnum):
    """What an ask found out about the session."""

    VALID = "valid"
    OVER = "over"


class Ping(NamedTuple):
    """The one that is under way."""

    age: int = 0
    must_wait: bool = False
    """It was sent after the commit, and the notification has not reached the auth server yet."""


class Ask(NamedTuple):
    """A question to the auth server that is under way."""

    late_for: Promise | None
    """What is broken if the request that joined last is accepted. Those before it were promised no more."""
    age: int = 0
    """Of the latest read, from the moment it was asked for."""
    reads: int = 1
    response: Response | None = None
    """None until the auth server has read."""
    is_overtaken: bool = False
    """A revocation was heard since the latest read was asked for."""
    is_of_this_generation: bool = True
    """No new generation has begun since then."""


class State(NamedTuple):
    """To begin with, the service is connected and knows nothing."""

    since_commit: int | None = None
    """Ticks since the session ended; None while it is valid."""
    is_notification_due: bool = False
    """The session has ended, and the auth server has not heard of it yet."""
    is_acknowledged: bool = False
    """The sign-out has returned. It never is if the session ended by SQL."""
    feed: Feed = Feed.LIVE
    channel: tuple[Message, ...] = ()
    """What was sent and has not arrived, oldest first."""
    ping: Ping | None = None
    lease_age: int | None = None
    """Ticks since the ping was sent that gave the lease; None without a lease."""
    is_cached: bool = False
    ask: Ask | None = None
    broken: Promise | None = None
    """A request was accepted against this promise."""

    @property
    def promise_to_a_new_request(self) -> Promise | None:
        """What is broken if a request that starts now is accepted."""
        if self.is_acknowledged:
            return Promise.SIGN_OUT
        if self.since_commit is not None and self.since_commit > LEASE:
            return Promise.BOUND
        return None

    @property
    def is_subscribed(self) -> bool:
        """The auth server sends what it hears."""
        return self.feed in {Feed.SUBSCRIBED, Feed.LIVE}

    @property
    def is_live(self) -> bool:
        """As far as the service knows."""
        return self.feed in {Feed.FLUSHED, Feed.LIVE, Feed.HALF_OPEN}
