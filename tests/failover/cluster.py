"""Three PostgreSQL of which Patroni makes one the primary, and the addresses that lead to it."""

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from failover.balancer import Balancer, Ports, ServicePorts
from failover.folder import spawn
from failover.node import PASSWORD, Node
from failover.pooler import start_pooler
from failover.programs import program
from stack.ports import free_ports
from stack.processes import is_listening
from stack.waiting import eventually

SECONDS_TO_FORM = 60
SECONDS_TO_FAIL_OVER = 60


@dataclass(frozen=True)
class Cluster:
    nodes: tuple[Node, ...]
    balancer: Balancer
    pooler_port: int

    def leader(self) -> Node:
        """Who Patroni says it is, as soon as one of them answers within a second."""
        found = eventually(self._found_leader, SECONDS_TO_FORM)
        assert found is not None
        return found

    def standbys(self) -> list[Node]:
        leader = self.leader()
        return [node for node in self.nodes if node is not leader]

    def set_synchronous(self, *, wanted: bool) -> None:
        """Returns when commits wait for a standby, or wait for none."""
        self.leader().api("PATCH", "/config", {"synchronous_mode": wanted}).raise_for_status()
        eventually(lambda: self._is_whole(synchronous=wanted), SECONDS_TO_FORM)

    def heal(self, *, synchronous: bool = True) -> None:
        """One leader and two standbys that stream, whatever has happened to them."""
        for node in self.nodes:
            node.thaw()
            if not node.is_running():
                node.start()
        eventually(self._found_leader, SECONDS_TO_FORM)
        self.set_synchronous(wanted=synchronous)

    def switch_over(self) -> None:
        candidate = eventually(self._found_synchronous, SECONDS_TO_FORM)
        assert candidate is not None
        body = {"leader": self.leader().name, "candidate": candidate.name}
        self.leader().api("POST", "/switchover", body).raise_for_status()

    def await_failover(self, former: Node, port: int) -> float:
        """When (monotonic) a new connection through this address could first write, and not on the former leader."""
        eventually(lambda: self._found_leader() not in (None, former), SECONDS_TO_FAIL_OVER)
        eventually(lambda: _written_at(port) not in (None, former.port), SECONDS_TO_FAIL_OVER)
        return time.monotonic()

    def _is_whole(self, *, synchronous: bool) -> bool:
        members = self._members()
        roles = sorted(str(member["role"]) for member in members)
        states = sorted(str(member["state"]) for member in members)
        second = "sync_standby" if synchronous else "replica"
        return (
            roles == ["leader", "replica", second]
            and states == ["running", "streaming", "streaming"]
            and (self._sync_states() == (["async", "sync"] if synchronous else ["async", "async"]))
        )

    def _sync_states(self) -> list[str]:
        with contextlib.suppress(psycopg.Error):
            return sorted(state for (state,) in self.leader().sql("SELECT sync_state FROM pg_stat_replication"))
        return []

    def _found_leader(self) -> Node | None:
        return self._found("leader", "running")

    def _found_synchronous(self) -> Node | None:
        return self._found("sync_standby", "streaming")

    def _found(self, role: str, state: str) -> Node | None:
        for member in self._members():
            if (member["role"], member["state"]) == (role, state):
                return next(node for node in self.nodes if node.name == member["name"])
        return None

    def _members(self) -> list[dict[str, str]]:
        """As the first Patroni that answers sees them; a node whose Patroni is dead is no member that runs."""
        for node in self.nodes:
            with contextlib.suppress(httpx.HTTPError):
                url = f"http://127.0.0.1:{node.api_port}/cluster"
                return httpx.get(url, timeout=1, trust_env=False).json()["members"]
        return []


def cluster_in(folder: Path, service_ports: ServicePorts) -> Cluster:
    """Formed: a leader, two standbys, and addresses that lead to them. What works in the folder is not stopped here."""
    etcd_port, etcd_peer_port, pooler_port, *ports = free_ports(12)
    _start_etcd(folder / "etcd", etcd_port, etcd_peer_port)
    nodes = tuple(
        Node(f"pg{index}", folder / f"pg{index}", ports[index], ports[3 + index], etcd_port) for index in range(3)
    )
    for node in nodes:
        node.start()
    balancer = Balancer(folder / "haproxy", Ports(*ports[6:9]), nodes, service_ports)
    balancer.start()
    start_pooler(folder / "pgbouncer", pooler_port, balancer.ports.primary, PASSWORD)
    cluster = Cluster(nodes, balancer, pooler_port)
    cluster.heal()
    cluster.leader().sql("CREATE TABLE failover_beat (at timestamptz DEFAULT now())")
    return cluster


def _written_at(port: int) -> int | None:
    """The port of the PostgreSQL that took a row through this address."""
    url = f"postgres://postgres:{PASSWORD}@127.0.0.1:{port}/postgres"
    with contextlib.suppress(psycopg.Error), psycopg.connect(url, connect_timeout=2, autocommit=True) as fresh:
        fresh.execute("SET statement_timeout = 1000")
        row = fresh.execute("INSERT INTO failover_beat DEFAULT VALUES RETURNING inet_server_port()").fetchone()
        return row[0] if row else None
    return None


def _start_etcd(folder: Path, port: int, peer_port: int) -> None:
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    addresses = [
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
    ]
    command = [program("etcd"), f"--data-dir={folder / 'data'}", "--unsafe-no-fsync", *addresses]
    spawn(command, folder)
    eventually(lambda: is_listening(port), within_seconds=60)
