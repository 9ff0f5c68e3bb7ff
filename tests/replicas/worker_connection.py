"""A connection to one process of a backend: what the other processes know does not help it."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from stack.replica import Replica

# Less than the backend keeps an idle connection (75 s): a connection that opens itself again may meet another process.
SECONDS_TO_KEEP = 60


@dataclass(frozen=True)
class WorkerResponse:
    """`began`: on the clock of time.monotonic(), before the request's first byte was written."""

    status: int
    body: dict[str, Any]
    began: float


class WorkerConnection:
    """Kept between requests, as long as the backend keeps it; then opened again to the same process."""

    def __init__(self, backend: Replica, worker: int) -> None:
        self._backend = backend
        self._worker = worker
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0

    def get(self, path: str, headers: Mapping[str, str]) -> WorkerResponse:
        connection = self._kept() or self._connect()
        began = time.monotonic()
        response = _send(connection, path, headers)
        self._used = time.monotonic()
        return WorkerResponse(response.status, json.loads(response.read()), began)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _kept(self) -> http.client.HTTPConnection | None:
        return self._connection if time.monotonic() - self._used < SECONDS_TO_KEEP else None

    def _connect(self) -> http.client.HTTPConnection:
        self.close()
        at = urlsplit(self._backend.url)
        self._connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=30)
        with self._backend.alone(self._worker):
            _send(self._connection, "/health/live", {}).read()
        return self._connection


def _send(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
    connection.request("GET", path, headers=dict(headers))
    return connection.getresponse()
