"""The leader's machine stands still for longer than its lock lasts, and then goes on as if nothing had happened."""

import time

from failover.cluster import Cluster
from failover.scenes import Scenes
from failover.services import DatabaseAddress


def test_neither_the_freeze_nor_the_thaw_is_seen_by_users_for_long(cluster: Cluster, scenes: Scenes) -> None:
    address = cluster.balancer.ports.lasting
    with scenes.on(DatabaseAddress(pool=address, direct=address)) as oracle:
        former = cluster.leader()
        former.freeze()
        oracle.await_recovered(cluster.await_failover(former, address))

        former.thaw()

        oracle.await_recovered(time.monotonic())
