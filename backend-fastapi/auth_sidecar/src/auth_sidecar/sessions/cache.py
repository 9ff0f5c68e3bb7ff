"""The session cache: answers that may be used again while a lease says that every revocation has been heard.

docs/session-cache.md has the protocol. Nothing here does any I/O or waits: feed.py brings what was revoked and renews
the lease, sessions.py brings the answers.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from auth_sidecar.check_result import Answer
from auth_sidecar.clock import Clock
from auth_sidecar.sessions.index import Index

LEASE_SECONDS = 0.05
"""How long an answer may be used after the ping that confirmed it. Part of the protocol (contract/lease.json): the auth
server waits longer before it acknowledges a sign-out."""
_OLD_SECONDS = LEASE_SECONDS / 2
MOST_SPELLINGS = 8
"""Credentials kept for one session: a cookie, a bearer. Whoever writes them in many other ways evicts only those."""


@dataclass(slots=True, eq=False)
class Entry:
    """An answer that is kept, under the digest of the credential it was given for."""

    key: bytes
    answer: Answer
    expires_at: float
    """Unix time."""
    usable_until: float
    """Unix time: when it expires, or from when on the auth server would extend it and therefore has to be asked."""
    known_at: float
    """By the lease clock: when the question was sent that it answers."""


@dataclass(slots=True, eq=False)
class Mark:
    """Held while the auth server is being asked: what was heard meanwhile, and so may not be in the answer."""

    began_at: float
    generation: int
    revoked: set[str] = field(default_factory=set[str])
    is_flushed: bool = False

    def is_overtaken(self, answer: Answer) -> bool:
        """Whether something that the answer tells of was revoked since the question was asked."""
        identity = answer.identity
        return self.is_flushed or not self.revoked.isdisjoint((identity.session.id, identity.user.id))


@dataclass(slots=True)
class Counts:
    """Since the start of the process. A request is one of `hits`, `misses` and `lease_misses`."""

    hits: int = 0
    misses: int = 0
    """Nothing usable was kept for this credential."""
    lease_misses: int = 0
    """An answer was kept, but the lease had run out."""
    evictions: int = 0
    revocations: int = 0
    flushes: int = 0


class SessionCache:
    """A bounded LRU of answers, indexed by session and by user. `want_lease` is called when traffic finds it old."""

    def __init__(
        self, capacity: int, clock: Clock, want_lease: Callable[[], None], wall_clock: Clock = time.time
    ) -> None:
        self._capacity = capacity
        self._clock = clock
        self._wall_clock = wall_clock
        self._want_lease = want_lease
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()
        self._by_session: Index[bytes] = Index()
        self._by_user: Index[bytes] = Index()
        self._marks: set[Mark] = set()
        self._fresh_at = float("-inf")
        self._generation = 0
        self._is_live = False
        self.counts = Counts()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def is_live(self) -> bool:
        """Whether the feed is connected."""
        return self._is_live

    @property
    def lease_age_seconds(self) -> float:
        """Since the ping that was last answered was sent; infinite before the first one of a connection."""
        return self._clock() - self._fresh_at

    # What a request does.

    def find(self, key: bytes) -> Entry | None:
        """The answer kept for this credential, if it may be used now."""
        age = self._clock() - self._fresh_at
        if age >= _OLD_SECONDS:
            self._want_lease()
        entry = self._entries.get(key)
        if entry is None or self._wall_clock() >= entry.usable_until:
            self.counts.misses += 1
            return None
        if age >= LEASE_SECONDS:
            self.counts.lease_misses += 1
            return None
        self._entries.move_to_end(key)
        self.counts.hits += 1
        return entry

    def holds(self, key: bytes) -> bool:
        """Whether `find` would find it. Not a request: nothing is counted."""
        entry = self._entries.get(key)
        return entry is not None and self._wall_clock() < entry.usable_until and self.lease_age_seconds < LEASE_SECONDS

    def find_stale(self, key: bytes, grace_seconds: float) -> Entry | None:
        """For outages, where a team chose to serve old answers: one that was known to be right that recently."""
        entry = self._entries.get(key)
        if entry is None or self._wall_clock() >= entry.expires_at:
            return None
        known_at = max(entry.known_at, self._fresh_at)
        return entry if self._clock() - known_at < grace_seconds else None

    # What asking the auth server does.

    def begin(self) -> Mark:
        """To be called before the auth server is asked, and to be given back with `end`."""
        mark = Mark(self._clock(), self._generation)
        self._marks.add(mark)
        return mark

    def restart(self, mark: Mark) -> None:
        """The same question is asked anew: only what is heard from now on counts."""
        mark.began_at, mark.generation, mark.is_flushed = self._clock(), self._generation, False
        mark.revoked.clear()

    def end(self, mark: Mark) -> None:
        """The question is answered, or given up."""
        self._marks.discard(mark)

    def may_join(self, mark: Mark) -> bool:
        """Whether a request that starts now may use the answer to this question: it was asked within the lease."""
        return mark.generation == self._generation and self._clock() - mark.began_at < LEASE_SECONDS

    def keep(self, key: bytes, answer: Answer, mark: Mark) -> bool:
        """Keeps the answer, unless a revocation may have been missed since the question was asked."""
        if not self._is_live or mark.generation != self._generation or mark.is_overtaken(answer):
            return False
        session = answer.identity.session
        expires_at = session.expires_at.timestamp()
        refresh_at = expires_at if session.refresh_at is None else session.refresh_at.timestamp()
        kept = answer.without_cookies()
        self._drop(key)
        self._add(Entry(key, kept, expires_at, min(expires_at, refresh_at), mark.began_at))
        return True

    def forget(self, key: bytes) -> None:
        """The auth server says that this credential is nobody's: its session is over, in whatever way it is written."""
        entry = self._entries.get(key)
        if entry is not None:
            for spelling in self._by_session.of(entry.answer.identity.session.id):
                self._drop(spelling)

    # What the feed does.

    def start_generation(self) -> None:
        """The feed is live from now on; what it may have missed before is forgotten, and no lease is left."""
        for mark in self._marks:
            # While there was no feed at all nothing could be missed that another question would find.
            mark.is_flushed |= self._generation > 0
        self._generation += 1
        self._is_live = True
        self._fresh_at = float("-inf")
        self._clear()

    def end_generation(self) -> None:
        """The feed is lost: the lease runs out by itself, and nothing is kept any more."""
        self._is_live = False

    def renew_lease(self, sent_at: float) -> None:
        """Every revocation acknowledged before `sent_at`, by the lease clock, has been heard."""
        self._fresh_at = max(self._fresh_at, sent_at)

    def revoke_session(self, session_id: str) -> None:
        """This session has ended, or what a check answers of it has changed."""
        self.counts.revocations += 1
        self._revoke(session_id, self._by_session)

    def revoke_user(self, user_id: str) -> None:
        """This user is gone or banned, or what a check answers of them has changed."""
        self.counts.revocations += 1
        self._revoke(user_id, self._by_user)

    def forget_user(self, user_id: str) -> None:
        """The service itself has changed something that is kept with this user."""
        self._revoke(user_id, self._by_user)

    def flush(self) -> None:
        """Anything may have been revoked."""
        self.counts.flushes += 1
        for mark in self._marks:
            mark.is_flushed = True
        self._clear()

    def _revoke(self, revoked_id: str, keys: Index[bytes]) -> None:
        for mark in self._marks:
            mark.revoked.add(revoked_id)
        for key in keys.of(revoked_id):
            self._drop(key)

    def _add(self, entry: Entry) -> None:
        identity = entry.answer.identity
        spellings = self._by_session.of(identity.session.id)
        if len(spellings) >= MOST_SPELLINGS:
            self._drop(spellings[0])
        self._entries[entry.key] = entry
        self._by_session.add(identity.session.id, entry.key)
        self._by_user.add(identity.user.id, entry.key)
        if len(self._entries) > self._capacity:
            self.counts.evictions += 1
            self._drop(next(iter(self._entries)))

    def _drop(self, key: bytes) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        identity = entry.answer.identity
        self._by_session.discard(identity.session.id, key)
        self._by_user.discard(identity.user.id, key)

    def _clear(self) -> None:
        self._entries.clear()
        self._by_session.clear()
        self._by_user.clear()
