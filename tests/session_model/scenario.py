"""Who takes part, and what may go wrong: together they make the model finite."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    name: str
    leases: tuple[int, ...] = (1,)
    """Of each auth server, in ticks."""
    longest: int = 0
    """SESSION_LEASE_MAX_MS; 0: the longest of `leases`."""
    starts_at: tuple[int | None, ...] = (None,)
    """For each process: the server that it is connected to in the beginning."""
    origins: tuple[int | None, ...] = (0,)
    """For each session: the server that ends it; None: it is ended by SQL."""
    unborn: frozenset[int] = frozenset()
    may_die: frozenset[int] = frozenset()
    reconnects: tuple[int, ...] = (0,)
    """Of each process, after its first connection, lost where it starts at none. The last is for all others too."""
    goes_to: tuple[int, ...] = ()
    """The servers that processes connect to; () for all."""
    listen_losses: tuple[int, ...] = ()
    """For each server, how often it loses LISTEN; () for never."""
    leased: bool = False
    """Each process begins with a new lease, and sends no ping."""
    losses: bool = True
    """Connections break, seen by one side or by none."""
    bye: bool = False
    sessions_are_known: bool = True
    """Questions are left out: what a process knew before the commit is in its cache."""
    reads: int = 2
    """A question that was overtaken this often is answered all the same."""
    clocks_of_servers_stop: bool = False
    early_pings: bool = False
    """The service pings before it has had `hello`, for a lease of one tick."""
    first_version_services: frozenset[int] = frozenset()
    first_version_servers: frozenset[int] = frozenset()

    @property
    def max_lease(self) -> int:
        return self.longest or max(self.leases)

    def connections_of(self, process: int) -> int:
        return 1 + self.reconnects[min(process, len(self.reconnects) - 1)]

    def losses_of(self, server: int) -> int:
        return self.listen_losses[server] if self.listen_losses else 0

    @property
    def oldest(self) -> int:
        """Ages are not told apart from here on."""
        return max(*self.leases, self.longest) + 1
