"""Patroni is killed and its PostgreSQL is not: it goes on as a primary beside the new one."""

import pytest

from failover.balancer import Ports
from failover.cluster import Cluster
from failover.scenes import Scenes
from failover.services import DatabaseAddress


@pytest.mark.parametrize("balancer", ["primary", "lasting"])
def test_nobody_stays_on_a_former_primary(cluster: Cluster, scenes: Scenes, balancer: str) -> None:
    """`primary` cuts connections to what is primary no more, `lasting` leaves them to the services."""
    address = _port(cluster.balancer.ports, balancer)
    with scenes.on(DatabaseAddress(pool=address, direct=address)) as oracle:
        former = cluster.leader()
        former.kill_patroni()

        oracle.await_recovered(cluster.await_failover(former, address))


def _port(ports: Ports, name: str) -> int:
    return {"primary": ports.primary, "lasting": ports.lasting}[name]
