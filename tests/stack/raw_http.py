"""Raw bytes to a service and its response, for requests that no HTTP client would send."""

import contextlib
import http.client
import re
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawResponse:
    """`status` is 0 when the connection was closed without a response."""

    status: int
    headers: dict[str, str]
    body: bytes


def connect(url: str, seconds: float = 10) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=seconds)


def read_response(connection: socket.socket, method: str = "GET") -> RawResponse:
    response = http.client.HTTPResponse(connection, method=method)
    try:
        response.begin()
        body = response.read()
    except (http.client.BadStatusLine, ConnectionError):
        return RawResponse(0, {}, b"")
    finally:
        response.close()
    return RawResponse(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


def exchange_all(url: str, *pieces: bytes, seconds: float = 20) -> list[int]:
    """The statuses of all responses, in their order, until the service closes the connection."""
    received = b""
    with connect(url, seconds) as connection, contextlib.suppress(ConnectionError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.02)  # a packet of its own; the test holds as well where two of them become one
        while more := connection.recv(65536):
            received += more
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", received) if status != b"100"]


def exchange(url: str, sent: bytes, seconds: float = 10) -> RawResponse:
    """One request, one response. A service may respond and close before it has read everything."""
    with connect(url, seconds) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(sent)
        return read_response(connection, sent.split(b" ", 1)[0].decode("latin-1"))
