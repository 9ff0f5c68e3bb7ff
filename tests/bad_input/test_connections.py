"""How long connections live: idle ones longer than a proxy's, those that send no request not long."""

import select
import socket
import time

import pytest

from bad_input.listeners import LISTENERS
from stack.raw_http import connect, read_response
from stack.target import Stack

IDLE_SECONDS = 7
"""uvicorn's own limit is 5, Vite's 5, common clients' pools 5 to 60."""
HEAD_SECONDS = 40


@pytest.mark.embedded
def test_an_idle_connection_is_kept(stack: Stack, caddy: str) -> None:
    connections: dict[socket.socket, bytes] = {}
    for listener in LISTENERS:
        request = f"GET {listener.get} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        connection = connect(listener.url(stack, caddy))
        connections[connection] = request
        connection.sendall(request)
        assert read_response(connection).status in {401, 403}, listener

    closed, _, _ = select.select(list(connections), [], [], IDLE_SECONDS)  # readable: somebody has hung up
    assert closed == []

    for connection, request in connections.items():
        connection.sendall(request)
        assert read_response(connection).status in {401, 403}
        connection.close()


@pytest.mark.embedded
def test_a_head_that_never_ends_is_given_up(stack: Stack, caddy: str) -> None:
    waiting = {connect(listener.url(stack, caddy)): listener for listener in LISTENERS}
    for connection in waiting:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: local")

    deadline = time.monotonic() + HEAD_SECONDS
    while waiting:
        ready, _, _ = select.select(list(waiting), [], [], deadline - time.monotonic())
        assert ready, f"still open: {[listener.name for listener in waiting.values()]}"
        for connection in ready:
            listener = waiting.pop(connection)
            assert read_response(connection).status in ({0} if listener.name.startswith("Caddy") else {408}), listener
            connection.close()
