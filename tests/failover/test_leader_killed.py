"""The leader is killed with SIGKILL, as if its machine had lost its power."""

from failover.cluster import Cluster
from failover.oracle.ends import ENDS
from failover.oracle.oracle import Oracle
from failover.scenes import Scenes
from failover.services import DatabaseAddress
from stack.waiting import eventually


def test_with_synchronous_replication_nothing_that_was_acknowledged_is_lost(cluster: Cluster, scenes: Scenes) -> None:
    address = cluster.balancer.ports.primary
    with scenes.on(DatabaseAddress(pool=address, direct=address)) as oracle:
        former = cluster.leader()
        former.kill()

        oracle.await_recovered(cluster.await_failover(former, address))


def test_with_asynchronous_replication_what_had_ended_stays_ended(cluster: Cluster, scenes: Scenes) -> None:
    cluster.set_synchronous(wanted=False)
    address = cluster.balancer.ports.primary
    with scenes.on(DatabaseAddress(pool=address, direct=address)) as oracle:
        former = cluster.leader()
        _lose_one_end_of_each_kind(cluster, oracle)
        former.kill()

        recovered = cluster.await_failover(former, address)
        oracle.ledger.loses = False
        oracle.await_recovered(recovered)


def test_behind_a_pooler_the_services_come_back_too(cluster: Cluster, scenes: Scenes) -> None:
    address = DatabaseAddress(pool=cluster.pooler_port, direct=cluster.balancer.ports.primary, has_pooler=True)
    with scenes.on(address) as oracle:
        former = cluster.leader()
        former.kill_postgres()

        oracle.await_recovered(cluster.await_failover(former, address.pool))


def _lose_one_end_of_each_kind(cluster: Cluster, oracle: Oracle) -> None:
    """Acknowledged on the leader, and shipped to nobody. What was made before has been shipped."""
    prepared = [(lives, name, lives.begin()) for lives in oracle.lives for name in ENDS]
    oracle.ledger.loses = True
    written = cluster.leader().sql("SELECT pg_current_wal_lsn()")[0][0]
    received = f"SELECT bool_and(replay_lsn >= '{written}') FROM pg_stat_replication"
    eventually(lambda: cluster.leader().sql(received) == [(True,)], within_seconds=30)
    cluster.leader().withhold_wal()
    for lives, name, life in prepared:
        assert life is not None
        assert lives.end(life, name), name
