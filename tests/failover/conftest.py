"""One cluster for all scenes, formed again before each; services of its own for each scene."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from failover.balancer import ServicePorts
from failover.cluster import Cluster, cluster_in
from failover.folder import cluster_folder
from failover.programs import missing
from failover.scenes import Scenes
from failover.services import set_up_database
from stack.ports import free_ports
from stack.processes import Command


@pytest.fixture(scope="package")
def service_ports() -> ServicePorts:
    one, two, three, four, five, six, *balanced = free_ports(9)
    return ServicePorts((one, two), (three, four), (five, six), *balanced)


@pytest.fixture(scope="package")
def formed(service_ports: ServicePorts, built_auth_server: Command) -> Iterator[Cluster]:
    assert built_auth_server
    assert missing() == [], "`make test-failover` installs what it can"
    with cluster_folder() as folder:
        cluster = cluster_in(folder, service_ports)
        set_up_database(cluster.leader())
        yield cluster


@pytest.fixture
def cluster(formed: Cluster) -> Cluster:
    """Three nodes, of which one is the synchronous standby."""
    formed.heal()
    return formed


@pytest.fixture
def scenes(cluster: Cluster, service_ports: ServicePorts, tmp_path: Path) -> Scenes:
    return Scenes(cluster, service_ports, tmp_path)
