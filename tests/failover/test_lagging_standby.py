"""The address of the pools leads to a standby that has stopped applying what it receives, and then back."""

import time

import psycopg

from failover.cluster import Cluster
from failover.node import PASSWORD
from failover.scenes import Scenes
from failover.services import DatabaseAddress
from stack.waiting import eventually

SECONDS_OF_LAG = 3
SECONDS_AT_THE_STANDBY = 8


def test_a_standby_is_asked_for_nothing(cluster: Cluster, scenes: Scenes) -> None:
    """Who has just signed in is not refused, and who has just signed out is not accepted."""
    ports, leader, standby = cluster.balancer.ports, cluster.leader(), cluster.standbys()[0]
    cluster.balancer.lead_to(leader)
    with scenes.on(DatabaseAddress(pool=ports.manual, direct=ports.primary)) as oracle:
        standby.sql("SELECT pg_wal_replay_pause()")
        _let_pass(SECONDS_OF_LAG)
        cluster.balancer.lead_to(standby)
        assert _is_standby(ports.manual)
        _let_pass(SECONDS_AT_THE_STANDBY)
        cluster.balancer.lead_to(leader)

        oracle.await_recovered(time.monotonic())

        standby.sql("SELECT pg_wal_replay_resume()")


def _is_standby(port: int) -> bool:
    with psycopg.connect(f"postgres://postgres:{PASSWORD}@127.0.0.1:{port}/postgres") as fresh:
        return fresh.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)


def _let_pass(seconds: float) -> None:
    """Users act meanwhile: what they do is what the standby lacks."""
    until = time.monotonic() + seconds
    eventually(lambda: time.monotonic() > until, seconds + 1)
