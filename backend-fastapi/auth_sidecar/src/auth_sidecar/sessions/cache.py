"""The session cache: entries that may be used while a lease says that every revocation has been received.

docs/session-cache.md has the protocol. Nothing here does I/O or waits: feed.py brings revocations and renews the lease,
identify.py brings what the auth server says.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from auth_sidecar.check_result import CheckResult
from auth_sidecar.clock import Clock
from auth_sidecar.sessions.index import Index
from auth_sidecar.sessions.mark import Mark

ACTIVE_SECONDS = 60
"""For this long after a request of somebody who is signed in, the lease is renewed before another one asks for it."""
MAX_ALIASES = 8
"""Entries for one session: a cookie, a bearer and their aliases. More aliases evict only each other."""


@dataclass(slots=True, eq=False)
class Entry:
    """A cached result, under the digest of its credential."""

    key: bytes
    result: CheckResult
    expires_at: float
    """Unix time."""
    usable_until: float
    """Unix time: when it expires, or from when the auth server would refresh it and therefore has to be asked."""
    known_at: float
    """By the lease clock: when the check began."""
    is_old_token: bool


@dataclass(slots=True)
class Counts:
    """Since the start of the process. A request is one of `hits`, `misses` and `lease_misses`."""

    hits: int = 0
    misses: int = 0
    """There was no usable entry for this credential."""
    lease_misses: int = 0
    """There was an entry, but the lease had run out."""
    old_token_hits: int = 0
    """Of `hits`, those of tokens of an old system."""
    evictions: int = 0
    revocations: int = 0
    flushes: int = 0


class SessionCache:
    """A bounded LRU of entries, indexed by session and by user. `want_lease` is called when the lease is old."""

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
        self._used_at = float("-inf")
        self._generation = 0
        self._is_live = False
        self.lease_seconds = 0.0
        """How long entries may be used after the ping that confirmed them: the latest lease that was granted."""
        self.counts = Counts()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def is_live(self) -> bool:
        """Whether the feed is connected."""
        return self._is_live

    @property
    def lease_age_seconds(self) -> float:
        """Since the last ping with a pong was sent; infinite before the first pong of a connection."""
        return self._clock() - self._fresh_at

    def is_active(self) -> bool:
        """See feed_connection.LeaseHolder."""
        return self._clock() - self._used_at < ACTIVE_SECONDS

    # What a request does.

    def find(self, key: bytes) -> Entry | None:
        """The entry of this credential, if it may be used now."""
        now = self._clock()
        age = now - self._fresh_at
        if age >= self.lease_seconds / 2:
            self._want_lease()
        entry = self._entries.get(key)
        if entry is None or self._wall_clock() >= entry.usable_until:
            self.counts.misses += 1
            return None
        if age >= self.lease_seconds:
            self.counts.lease_misses += 1
            return None
        self._used_at = now
        self._entries.move_to_end(key)
        self.counts.hits += 1
        if entry.is_old_token:
            self.counts.old_token_hits += 1
        return entry

    def holds(self, key: bytes) -> bool:
        """Whether `find` would find it. Not a request: nothing is counted."""
        entry = self._entries.get(key)
        return entry is not None and self._wall_clock() < entry.usable_until and self._has_lease()

    def find_stale(self, key: bytes, grace_seconds: float) -> Entry | None:
        """For outages, with a stale grace: the entry of this credential, if it was known to be right that recently."""
        entry = self._entries.get(key)
        if entry is None or self._wall_clock() >= entry.expires_at:
            return None
        known_at = max(entry.known_at, self._fresh_at)
        return entry if self._clock() - known_at < grace_seconds else None

    # What a check at the auth server does.

    def begin(self) -> Mark:
        """To be called before the auth server is asked, and to be given back with `end`."""
        mark = Mark(self._clock(), self._generation)
        self._marks.add(mark)
        return mark

    def restart(self, mark: Mark) -> None:
        """The auth server is asked again: only revocations from now on count."""
        mark.began_at, mark.generation, mark.is_flushed = self._clock(), self._generation, False
        mark.revoked.clear()

    def end(self, mark: Mark) -> None:
        """The check has ended or was cancelled."""
        self._marks.discard(mark)

    def may_join(self, mark: Mark) -> bool:
        """Whether a request that starts now may share this check, which has begun.

        Under a lease, whatever was acknowledged before now has been received, and so has touched the mark. Without one
        it may have been missed.
        """
        return mark.generation == self._generation and mark.is_untouched and self._has_lease()

    def keep(self, key: bytes, result: CheckResult, mark: Mark) -> bool:
        """Stores the result, unless a revocation may have been missed since the check began. Returns whether it did."""
        self._used_at = self._clock()
        if not self._is_live or mark.generation != self._generation or mark.is_overtaken(result):
            return False
        session = result.identity.session
        expires_at = session.expires_at.timestamp()
        refresh_at = expires_at if session.refresh_at is None else session.refresh_at.timestamp()
        kept = result.without_cookies()
        self._drop(key)
        self._add(Entry(key, kept, expires_at, min(expires_at, refresh_at), mark.began_at, session.is_old_token))
        return True

    def forget(self, key: bytes) -> None:
        """The auth server says that this credential is nobody's: its session is over, and so are its aliases."""
        entry = self._entries.get(key)
        if entry is not None:
            for alias in self._by_session.of(entry.result.identity.session.id):
                self._drop(alias)

    # What the feed does.

    def start_generation(self) -> None:
        """The feed is live. Everything from before may be outdated: it is dropped, and the lease ends."""
        for mark in self._marks:
            # Before the first feed, another check would find nothing that this one has missed.
            mark.is_flushed |= self._generation > 0
        self._generation += 1
        self._is_live = True
        self._fresh_at = float("-inf")
        self._clear()

    def end_generation(self) -> None:
        """The feed is lost: the lease is used to its end, and nothing new is stored."""
        self._is_live = False

    def renew_lease(self, sent_at: float, lease_seconds: float) -> None:
        """Every revocation acknowledged before `sent_at`, by the lease clock, has been received."""
        self._fresh_at, self.lease_seconds = sent_at, lease_seconds

    def drop_lease(self) -> None:
        """The service stops: the auth server will be told that it need not wait."""
        self._fresh_at = float("-inf")

    def revoke_session(self, session_id: str) -> None:
        """This session has ended, or what a check returns of it has changed."""
        self.counts.revocations += 1
        self._revoke(session_id, self._by_session)

    def revoke_user(self, user_id: str) -> None:
        """This user was deleted or banned, or what a check returns of them has changed."""
        self.counts.revocations += 1
        self._revoke(user_id, self._by_user)

    def forget_user(self, user_id: str) -> None:
        """The service has changed its own record of this user."""
        self._revoke(user_id, self._by_user)

    def flush(self) -> None:
        """Anything may have been revoked."""
        self.counts.flushes += 1
        for mark in self._marks:
            mark.is_flushed = True
        self._clear()

    def _has_lease(self) -> bool:
        return self.lease_age_seconds < self.lease_seconds

    def _revoke(self, revoked_id: str, keys: Index[bytes]) -> None:
        for mark in self._marks:
            mark.revoked.add(revoked_id)
        for key in keys.of(revoked_id):
            self._drop(key)

    def _add(self, entry: Entry) -> None:
        identity = entry.result.identity
        aliases = self._by_session.of(identity.session.id)
        if len(aliases) >= MAX_ALIASES:
            self._drop(aliases[0])
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
        identity = entry.result.identity
        self._by_session.discard(identity.session.id, key)
        self._by_user.discard(identity.user.id, key)

    def _clear(self) -> None:
        self._entries.clear()
        self._by_session.clear()
        self._by_user.clear()
