"""What everybody knows at one moment, and what is on its way."""

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Promise(StrEnum):
    """What docs/session-cache.md guarantees."""

    ANSWERED = "no request that starts after the end of a session was answered is accepted"
    BOUND = "no request that starts more than the longest lease after the commit is accepted"


class Phase(IntEnum):
    """Of a process and its connection."""

    DOWN = 0
    OPENED = 1  # the server sends; the process has not emptied its cache yet
    LIVE = 2


class Status(IntEnum):
    """Of an auth server."""

    UNBORN = 0
    DEAF = 1  # alive, without LISTEN
    OPENING = 2  # LISTEN is sent and not in force: in a mutant only
    LISTENING = 3
    DEAD = 4


class Statement(IntEnum):
    """The one over the LISTEN connection that is a ping's barrier and a sign of life."""

    NONE = 0
    SENT = 1
    RUN = 2  # its reply is on its way


class Ping(IntEnum):
    """Of a connection, at the server."""

    NONE = 0
    WAITS = 1  # for the next statement
    ASKED = 2  # its statement is under way
    UNLISTED = 3  # the pong is sent, the entry is not written: in a mutant only


class Note(NamedTuple):
    """What comes over LISTEN: a revocation, a barrier, a member's sign of life, what it has done, a reply."""

    what: str
    session: int = 0
    server: int = 0


class Message(NamedTuple):
    """On the feed. From the server: hello, revoke, sync, pong. From the service: fresh, ping, synced, bye."""

    what: str
    session: int = 0


class Link(NamedTuple):
    """One connection between a process and a server, with the server's entry for it."""

    server: int
    number: int
    is_open: bool = True
    """As far as the server knows."""
    is_cut: bool = False
    """It is lost, and the process does not know."""
    is_fresh: bool = False
    """The server has had `fresh` on it: what it grants is of full length."""
    ping: Ping = Ping.NONE
    granted: int = 0
    """Ticks until the entry on the list is over; 0 without an entry."""
    awaited: tuple[int, ...] = ()
    """The ended sessions whose `synced` the server waits for."""
    down: tuple[Message, ...] = ()
    up: tuple[Message, ...] = ()


class Ask(NamedTuple):
    """A question whose latest read found the session valid; the response is on its way."""

    late: Promise | None = None
    """What is broken if the request that joined last is accepted."""
    reads: int = 1
    is_overtaken: bool = False
    is_of_this_generation: bool = True


class Process(NamedTuple):
    """Of a service."""

    cached: tuple[bool, ...]
    asks: tuple[Ask | None, ...]
    phase: Phase = Phase.DOWN
    connections: int = 1
    links: tuple[Link, ...] = ()
    """The last is the present one, unless the process is down."""
    ping_age: int | None = None
    is_ping_full: bool = False
    """It was sent after `fresh`."""
    lease: int = 0
    """Ticks in which it is still held."""
    unmarked: tuple[int, ...] = ()
    """Revocations that the cache has had and questions under way have not: in a mutant only."""


class Server(NamedTuple):
    status: Status = Status.LISTENING
    heard: tuple[Note, ...] = ()
    """On its LISTEN connection, not read yet; oldest first."""
    statement: Statement = Statement.NONE
    members: tuple[int, ...] = ()
    """For each server: ticks in which it counts as a member."""
    newcomer: int = 0
    """Ticks in which its memory of members is worth nothing."""
    barriers: tuple[int, ...] = ()
    """The sessions whose barrier it has heard and not answered."""
    losses: int = 0


class End(NamedTuple):
    """Of a session."""

    is_committed: bool = False
    is_answered: bool = False
    since: int = 0
    is_barrier_sent: bool = False
    is_decided: bool = False
    """The origin has heard its own barrier, and knows for whom it waits."""
    waits_for: tuple[int, ...] = ()
    by_time: int = 0


class State(NamedTuple):
    ends: tuple[End, ...]
    servers: tuple[Server, ...]
    processes: tuple[Process, ...]


class Step(NamedTuple):
    words: str
    after: State
    broken: Promise | None = None
