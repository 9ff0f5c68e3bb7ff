"""Both auth servers and both backends are restarted one after the other, behind HAProxy, which tries nothing twice."""

from failover.balancer import ServicePorts
from failover.cluster import Cluster
from failover.scenes import Scenes
from failover.services import DatabaseAddress, services
from stack.waiting import eventually

SECONDS_TO_BE_UP = 30


def test_a_rolling_restart_loses_no_request(cluster: Cluster, scenes: Scenes, service_ports: ServicePorts) -> None:
    address = cluster.balancer.ports.primary
    database = DatabaseAddress(pool=address, direct=address)
    running = services(service_ports, database, scenes.logs, balanced=True, SHUTDOWN_DELAY_SECONDS="2")
    restarts = [
        *zip(running.auth_servers, service_ports.auth, strict=True),
        *zip(running.backends, service_ports.api, strict=True),
    ]
    with scenes.watched(running) as oracle:
        for replica, port in restarts:
            replica.stop()
            replica.start()
            eventually(lambda port=port: cluster.balancer.is_up(port), SECONDS_TO_BE_UP)
    assert oracle.ledger.unavailable_since(0) == []
