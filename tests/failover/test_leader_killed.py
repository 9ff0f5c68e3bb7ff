"""The leader is killed with SIGKILL, as if its machine had lost its power."""

from failover.cluster import Cluster
from failover.scenes import Scenes
from failover.services import DatabaseAddress


def test_with_synchronous_replication_nothing_that_was_acknowledged_is_lost(cluster: Cluster, scenes: Scenes) -> None:
    address = cluster.balancer.ports.primary
    with scenes.on(DatabaseAddress(pool=address, direct=address)) as oracle:
        former = cluster.leader()
        former.kill()

        oracle.await_recovered(cluster.await_failover(former, address))


def test_behind_a_pooler_the_services_come_back_too(cluster: Cluster, scenes: Scenes) -> None:
    address = DatabaseAddress(pool=cluster.pooler_port, direct=cluster.balancer.ports.primary, has_pooler=True)
    with scenes.on(address) as oracle:
        former = cluster.leader()
        former.kill_postgres()

        oracle.await_recovered(cluster.await_failover(former, address.pool))
