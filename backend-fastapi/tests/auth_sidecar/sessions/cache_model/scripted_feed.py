"""The feed in a random history: what is announced arrives in order, and late; a connection may break silently."""

from collections import deque
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

from auth_sidecar.auth_server.feed_connection import FIRST_LEASE_SECONDS, LeaseHolder, Listener
from auth_sidecar.clock import Clock
from tests.auth_sidecar.sessions.cache_model.lease_list import LeaseList
from tests.auth_sidecar.sessions.cache_model.truth import Commit

LEASE_SECONDS = 0.2
"""What this auth server tells."""
Pace: TypeAlias = Literal["prompt", "late pongs", "late messages"]
"""Of the auth server, which responds to pings, and of the network behind it."""
PACES: tuple[Pace, ...] = get_args(Pace)


class Hello:
    """The first message of a connection."""


@dataclass(frozen=True, slots=True)
class Pong:
    """Everything committed before its ping was sent stands before it."""

    sent_at: float
    lease_seconds: float


@dataclass(frozen=True, slots=True)
class Sync:
    """Behind the message of this commit."""

    commit: Commit


Message: TypeAlias = Hello | Commit | Sync | Pong


class Hearer(Listener, LeaseHolder, Protocol):
    """The cache, or what it is compared with."""


class ScriptedFeed:
    """The one subscription of a service. Both hearers are told the same."""

    def __init__(self, clock: Clock, *hearers: Hearer) -> None:
        self._clock = clock
        self._hearers = hearers
        self._pace: Pace = "prompt"
        self._messages: deque[Message] = deque()
        self._leases = LeaseList(clock)
        self._connection = 0
        self._has_sent_fresh = False
        self._ping: tuple[float, float] | None = None
        self._is_pinging = False
        self._is_accepted = False
        self.is_whole = False
        """The auth server sends into it, and what it sends arrives; and the other way."""
        self.is_live = False
        """The service hears it, as far as it knows."""

    def break_silently(self) -> None:
        """What was sent may still arrive, nothing else will, and neither side knows."""
        self.is_whole = False

    def take_a_step_to_a_new_one(self) -> None:
        """The service notices that its connection is broken; the auth server accepts a new one; the service knows."""
        if self.is_live:
            self._lose()
        elif not self._is_accepted:
            self._accept()
        else:
            self._go_live()

    def set_pace(self, pace: Pace) -> None:
        self._pace = pace
        self._go_on()

    def announce(self, commit: Commit) -> None:
        """It is acknowledged when nobody can have a lease any more that does not know it."""
        self._leases.end(commit)
        self._send(commit)
        if self._leases.has_begun(self._connection):
            self._send(Sync(commit))
        self._go_on()

    def let_time_pass(self) -> None:
        self._leases.settle()

    def ping(self) -> None:
        """One at a time is under way."""
        if self._is_pinging or not self.is_live:
            return
        self._is_pinging = True
        self._ping = self._clock(), LEASE_SECONDS if self._has_sent_fresh else FIRST_LEASE_SECONDS
        self._go_on()

    def hear(self, most: int) -> None:
        """What is late comes: the pong is sent, behind what was committed meanwhile, and the oldest messages arrive."""
        self._pong()
        self._deliver(most)

    def _pong(self) -> None:
        if self._ping is None:
            return
        if self.is_whole:
            self._leases.grant(self._connection, self._ping[1])
        self._send(Pong(*self._ping))
        self._ping = None

    def _deliver(self, most: int) -> None:
        for _ in range(min(most, len(self._messages)) if self.is_live else 0):
            self._hear(self._messages.popleft())

    def _hear(self, message: Message) -> None:
        match message:
            case Hello():
                self._has_sent_fresh = True
                if self.is_whole:
                    self._leases.begin(self._connection)
            case Sync(commit):
                if self.is_whole:
                    self._leases.acknowledge(commit, self._connection)
            case Pong():
                self._is_pinging = False
                for hearer in self._hearers:
                    hearer.renew_lease(message.sent_at, message.lease_seconds)
            case Commit():
                for hearer in self._hearers:
                    _tell(hearer, message)

    def _send(self, message: Message) -> None:
        if self.is_whole:
            self._messages.append(message)

    def _go_on(self) -> None:
        """With what is not late."""
        if self._pace != "late pongs":
            self._pong()
        if self._pace != "late messages":
            self._deliver(len(self._messages))

    def _lose(self) -> None:
        """What was under way is lost. What was granted is not: the service uses its lease to the end."""
        self._messages.clear()
        self._ping, self._is_pinging = None, False
        self.is_live = self._is_accepted = self.is_whole = self._has_sent_fresh = False
        for hearer in self._hearers:
            hearer.end_generation()

    def _accept(self) -> None:
        self._is_accepted = self.is_whole = True
        self._connection += 1
        self._send(Hello())

    def _go_live(self) -> None:
        self.is_live = True
        for hearer in self._hearers:
            hearer.start_generation()
        self._go_on()


def _tell(hearer: Hearer, commit: Commit) -> None:
    if commit.session_id is not None:
        hearer.revoke_session(commit.session_id)
    elif commit.user_id is not None:
        hearer.revoke_user(commit.user_id)
    else:
        hearer.flush()
