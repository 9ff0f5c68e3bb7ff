"""What the session cache must do, without an index, a generation or a mark: lists that are searched."""

from dataclasses import dataclass

from auth_sidecar.check_result import CheckResult
from auth_sidecar.clock import Clock
from auth_sidecar.identity import Identity
from auth_sidecar.sessions.cache import Counts

EVERYTHING = ""
"""Heard in place of an id."""


@dataclass(eq=False)
class Asked:
    """When a question was sent, on which connection of the feed, and how much had been heard by then."""

    at: float
    connection: int
    heard: int


@dataclass(frozen=True)
class Kept:
    key: bytes
    response: CheckResult
    asked_at: float


class PlainCache:
    """`kept` has the least recently used first."""

    def __init__(self, capacity: int, clock: Clock, wall_clock: Clock) -> None:
        self._capacity = capacity
        self._clock = clock
        self._wall_clock = wall_clock
        self._connections = 0
        self._confirmed_at = float("-inf")
        self.lease_seconds = 0.0
        self.kept: list[Kept] = []
        self.heard: list[str] = []
        self.is_live = False
        self.counts = Counts()
        self.lookups = 0
        self.wanted = 0
        """How often somebody found the lease more than half over."""

    @property
    def lease_age(self) -> float:
        return self._clock() - self._confirmed_at

    def find(self, key: bytes) -> CheckResult | None:
        self.lookups += 1
        self.wanted += self.lease_age >= self.lease_seconds / 2
        kept = self._look_up(key)
        if kept is None or self._wall_clock() >= _asked_again_at(kept.response):
            self.counts.misses += 1
            return None
        if self.lease_age >= self.lease_seconds:
            self.counts.lease_misses += 1
            return None
        self.counts.hits += 1
        self.kept.remove(kept)
        self.kept.append(kept)
        return kept.response

    def find_stale(self, key: bytes, grace_seconds: float) -> CheckResult | None:
        kept, staleness = self._look_up(key), self.staleness(key)
        if kept is None or self._wall_clock() >= kept.response.identity.session.expires_at.timestamp():
            return None
        return kept.response if staleness is not None and staleness < grace_seconds else None

    def staleness(self, key: bytes) -> float | None:
        """Seconds since it was last known to be right; None where nothing is kept."""
        kept = self._look_up(key)
        return None if kept is None else self._clock() - max(kept.asked_at, self._confirmed_at)

    def ask(self) -> Asked:
        return Asked(self._clock(), self._connections, len(self.heard))

    def may_join(self, asked: Asked) -> bool:
        is_untouched = len(self.heard) == asked.heard
        return asked.connection == self._connections and is_untouched and self.lease_age < self.lease_seconds

    def is_overtaken(self, asked: Asked, response: CheckResult) -> bool:
        return any(_concerns(heard, response.identity) for heard in self.heard[asked.heard :])

    def keep(self, key: bytes, response: CheckResult, asked: Asked) -> bool:
        if not self.is_live or asked.connection != self._connections or self.is_overtaken(asked, response):
            return False
        self.kept = [kept for kept in self.kept if kept.key != key]
        self.kept.append(Kept(key, CheckResult(response.identity, app_user=response.app_user), asked.at))
        if len(self.kept) > self._capacity:
            self.counts.evictions += 1
            del self.kept[0]
        return True

    def forget(self, key: bytes) -> None:
        """And with it all that is kept of its session."""
        over = {kept.response.identity.session.id for kept in self.kept if kept.key == key}
        self.kept = [kept for kept in self.kept if kept.response.identity.session.id not in over]

    def start_generation(self) -> None:
        if self._connections:
            self.heard.append(EVERYTHING)  # of what was said between the two connections, nobody knows
        self._connections += 1
        self._confirmed_at = float("-inf")
        self.is_live = True
        self.kept = []

    def end_generation(self) -> None:
        self.is_live = False

    def renew_lease(self, sent_at: float, lease_seconds: float) -> None:
        self._confirmed_at, self.lease_seconds = sent_at, lease_seconds

    def drop_lease(self) -> None:
        self._confirmed_at = float("-inf")

    def is_active(self) -> bool:
        return True

    def revoke_session(self, session_id: str) -> None:
        self.counts.revocations += 1
        self._forget(session_id)

    def revoke_user(self, user_id: str) -> None:
        self.counts.revocations += 1
        self._forget(user_id)

    def flush(self) -> None:
        self.counts.flushes += 1
        self._forget(EVERYTHING)

    def _look_up(self, key: bytes) -> Kept | None:
        return next((kept for kept in self.kept if kept.key == key), None)

    def _forget(self, what: str) -> None:
        self.heard.append(what)
        self.kept = [kept for kept in self.kept if not _concerns(what, kept.response.identity)]


def _concerns(heard: str, identity: Identity) -> bool:
    return heard in (EVERYTHING, identity.session.id, identity.user.id)


def _asked_again_at(response: CheckResult) -> float:
    session = response.identity.session
    times = (session.expires_at, session.refresh_at or session.expires_at)
    return min(time.timestamp() for time in times)
