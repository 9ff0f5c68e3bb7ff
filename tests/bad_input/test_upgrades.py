"""A request to upgrade the protocol is an ordinary one on every port: no second request is read from its body."""

import secrets

import pytest

from bad_input.listeners import LISTENERS, Listener
from stack.raw_http import exchange_all
from stack.target import Stack
from stack.waiting import eventually

UPGRADES: dict[str, bytes] = {
    "curl": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
    "lower case": b"connection: keep-alive, upgrade\r\nupgrade: h2c\r\n",
    "WebSocket": b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n",
    "several": b"Connection: keep-alive\r\nConnection: Upgrade\r\nUpgrade: foo/2\r\nUpgrade: h2c\r\n",
    "no Connection": b"Upgrade: h2c\r\n",
}
REFUSED = {400, 403, 415}


def _with_length(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def _chunked(body: bytes) -> bytes:
    return b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def _get(listener: Listener, request_id: str, more: str = "") -> bytes:
    lines = [f"GET {listener.get} HTTP/1.1", "Host: localhost", f"x-request-id: {request_id}"]
    return ("\r\n".join(lines) + f"\r\n{more}\r\n").encode()


@pytest.mark.embedded
@pytest.mark.parametrize("upgrade", UPGRADES.values(), ids=UPGRADES.keys())
@pytest.mark.parametrize("listener", LISTENERS, ids=lambda listener: listener.name)
def test_one_request_is_one_response_and_one_line_in_the_log(
    stack: Stack, caddy: str, listener: Listener, upgrade: bytes
) -> None:
    last_ids: list[str] = []
    for frame in (_with_length, _chunked):
        smuggled = _get(listener, "smuggled-" + secrets.token_hex(8))
        head = (
            f"POST {listener.post} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode() + upgrade
        )
        framing, end, body = frame(smuggled).partition(b"\r\n\r\n")
        for cut in (0, len(head + framing + end)):
            last_ids.append("last-" + secrets.token_hex(8))
            sent = head + framing + end + body + _get(listener, last_ids[-1], "Connection: close\r\n")
            first, last = exchange_all(listener.url(stack, caddy), *filter(None, (sent[:cut], sent[cut:])))

            assert first in REFUSED
            assert last in {401, 403}

    log = eventually(
        lambda: log if (log := stack.logs(listener.service)) and all(i in log for i in last_ids) else "", 30
    )
    assert "smuggled-" not in log


@pytest.mark.embedded
@pytest.mark.parametrize("listener", LISTENERS, ids=lambda listener: listener.name)
def test_requests_before_and_after_it_have_their_responses(stack: Stack, caddy: str, listener: Listener) -> None:
    plain, upgrade = _get(listener, "plain-request"), _get(listener, "upgrade-request", UPGRADES["curl"].decode())
    last = _get(listener, "last-request", "Connection: close\r\n")

    for pieces in ([plain + upgrade + plain + upgrade + last], [plain, upgrade, plain + upgrade, last]):
        assert len(exchange_all(listener.url(stack, caddy), *pieces)) == 5


@pytest.mark.embedded
@pytest.mark.parametrize(
    "listener", [listener for listener in LISTENERS if not listener.name.startswith("Caddy")], ids=lambda d: d.name
)
def test_connect_opens_no_tunnel(stack: Stack, caddy: str, listener: Listener) -> None:
    sent = b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n" + _get(listener, "in-a-tunnel")

    (status,) = exchange_all(listener.url(stack, caddy), sent)

    assert status in {400, 405}
    assert "in-a-tunnel" not in stack.logs(listener.service)
