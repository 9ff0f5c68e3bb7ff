"""Two of everything: two auth servers, and for each a backend of two processes that uses it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from replicas.worker_connection import WorkerConnection, WorkerResponse
from stack.replica import Replica
from stack.target import Stack


@dataclass(frozen=True)
class Site:
    """`stack`: the addresses of this site's auth server and backend, for visitors."""

    stack: Stack
    backend: Replica
    connections: tuple[WorkerConnection, ...]
    """One to each process of the backend."""

    def request(self, credentials: Mapping[str, str], path: str = "/api/me") -> list[WorkerResponse]:
        """Every process of this site, at once."""
        return _request(self.connections, credentials, path)


@dataclass(frozen=True)
class Sites:
    first: Site
    second: Site
    second_auth_server: Replica

    @property
    def connections(self) -> tuple[WorkerConnection, ...]:
        return self.first.connections + self.second.connections

    def request(self, credentials: Mapping[str, str], path: str = "/api/me") -> list[WorkerResponse]:
        """Every process of both sites, at once."""
        return _request(self.connections, credentials, path)

    def statuses(self, credentials: Mapping[str, str]) -> list[int]:
        return [response.status for response in self.request(credentials)]


def _request(
    connections: tuple[WorkerConnection, ...], credentials: Mapping[str, str], path: str
) -> list[WorkerResponse]:
    with ThreadPoolExecutor(len(connections)) as pool:
        sent = [pool.submit(connection.get, path, credentials) for connection in connections]
        return [response.result() for response in sent]
