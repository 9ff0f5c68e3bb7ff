"""The auth server's list of leases in a random history, and which commits it may acknowledge."""

from auth_sidecar.clock import Clock
from tests.auth_sidecar.sessions.cache_model.truth import Commit
from tests.support.contract import read_contract

_LEASE = read_contract("lease")


class LeaseList:
    """By connection, of one service."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[int, float] = {}
        self._begun: set[int] = set()
        self._waiting: dict[Commit, dict[int, float]] = {}

    def grant(self, connection: int, lease_seconds: float) -> None:
        """Before the pong leaves."""
        until = self._clock() + lease_seconds * (1 + _LEASE["marginRate"]) + _LEASE["marginMs"] / 1000
        self._until[connection] = max(self._until.get(connection, 0), until)

    def begin(self, connection: int) -> None:
        """`fresh` has come: the service has nothing any more of its earlier connections."""
        self._begun.add(connection)
        for older in [each for each in self._until if each < connection]:
            del self._until[older]
            for leases in self._waiting.values():
                leases.pop(older, None)
        self.settle()

    def has_begun(self, connection: int) -> bool:
        return connection in self._begun

    def end(self, commit: Commit) -> None:
        """It waits for the leases of this moment: a later one is granted behind its message."""
        self._waiting[commit] = dict(self._until)
        self.settle()

    def acknowledge(self, commit: Commit, connection: int) -> None:
        """`synced` has come over this connection."""
        self._waiting.get(commit, {}).pop(connection, None)
        self.settle()

    def settle(self) -> None:
        """What waits for no lease any more is acknowledged."""
        now = self._clock()
        for commit, leases in tuple(self._waiting.items()):
            if all(until <= now for until in leases.values()):
                commit.is_acknowledged = True
                del self._waiting[commit]
