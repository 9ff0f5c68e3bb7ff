"""An operator moves the primary to another node."""

from failover.cluster import Cluster
from failover.scenes import Scenes
from failover.services import DatabaseAddress


def test_a_switchover_loses_nothing(cluster: Cluster, scenes: Scenes) -> None:
    address = cluster.balancer.ports.primary
    with scenes.on(DatabaseAddress(pool=address, direct=address)) as oracle:
        former = cluster.leader()
        cluster.switch_over()

        oracle.await_recovered(cluster.await_failover(former, address))
