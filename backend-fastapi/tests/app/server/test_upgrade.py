"""Requests that ask for another protocol are ordinary ones: one response each, in order, none out of a body."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.server.protocol import BoundedProtocol

seen: list[tuple[str, str, bytes]] = []


async def record(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    seen.append((scope["method"], scope["path"], body))
    await PlainTextResponse(scope["path"])(scope, receive, send)


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


async def _serve(protocol: type[asyncio.Protocol]) -> AsyncGenerator[int]:
    config = uvicorn.Config(record, port=0, http=protocol, lifespan="off", ws="none", log_config=None)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    async for port in _serve(BoundedProtocol):
        yield port


@pytest.fixture
async def h11_port() -> AsyncGenerator[int]:
    async for port in _serve(H11Protocol):
        yield port


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: api\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(SMUGGLED)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED)

ASKING: dict[str, bytes] = {
    "curl --http2": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAI\r\n",
    "lower case": b"connection: upgrade\r\nupgrade: h2c\r\n",
    "upper case": b"CONNECTION: UPGRADE\r\nUPGRADE: H2C\r\n",
    "WebSocket": b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n",
    "kept alive": b"Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n",
    "several Connections": b"Connection: Upgrade\r\nConnection: keep-alive\r\nUpgrade: h2c\r\n",
    "several protocols": b"Connection: Upgrade\r\nUpgrade: foo/2, h2c\r\nUpgrade: websocket\r\n",
    "Upgrade before Connection": b"Upgrade: TLS/1.0\r\nConnection: Upgrade\r\n",
    "an empty Upgrade": b"Connection: Upgrade\r\nUpgrade:\r\n",
    "no Connection": b"Upgrade: h2c\r\n",
    "only Connection": b"Connection: Upgrade\r\n",
    "only HTTP2-Settings": b"HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
}


async def _paths(port: int, *pieces: bytes) -> list[str]:
    """The paths that got a response, in the order of their responses, until the server closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.01)
    async with asyncio.timeout(10):
        received = await reader.read()
    writer.close()
    paths: list[str] = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            received = rest
            continue
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        paths.append(rest[:length].decode() if head.split()[1] == b"200" else head.split()[1].decode())
        received = rest[length:]
    return paths


def _post(asking: bytes, body: bytes, version: bytes = b"1.1") -> bytes:
    return b"POST /first HTTP/" + version + b"\r\nHost: api\r\n" + asking + body


def _packets(data: bytes) -> list[list[bytes]]:
    """The same bytes: at once, the head and the rest, and cut in the middle of the head and of the body."""
    end = data.index(b"\r\n\r\n") + 4
    return [[data], [data[:end], data[end:]], [data[:30], data[30 : end + 9], data[end + 9 :]]]


@pytest.mark.parametrize("asking", ASKING.values(), ids=ASKING.keys())
@pytest.mark.parametrize("body", [LENGTH + SMUGGLED, CHUNKED], ids=["length", "chunked"])
async def test_the_body_of_a_request_for_another_protocol_is_its_body(port: int, asking: bytes, body: bytes) -> None:
    for pieces in _packets(_post(asking, body) + LAST):
        seen.clear()

        assert await _paths(port, *pieces) == ["/first", "/last"]
        assert seen == [("POST", "/first", SMUGGLED), ("GET", "/last", b"")]


@pytest.mark.parametrize("asking", ASKING.values(), ids=ASKING.keys())
async def test_requests_before_and_behind_it_are_served_in_turn(port: int, asking: bytes) -> None:
    before = b"GET /before HTTP/1.1\r\nHost: api\r\n\r\n"
    plain = b"GET /plain HTTP/1.1\r\nHost: api\r\n" + asking + b"\r\n"

    for pieces in _packets(before + plain + _post(asking, LENGTH + SMUGGLED) + plain + LAST):
        assert await _paths(port, *pieces) == ["/before", "/plain", "/first", "/plain", "/last"]


async def test_it_may_come_byte_by_byte(port: int) -> None:
    data = _post(ASKING["curl --http2"], LENGTH + SMUGGLED) + LAST

    assert await _paths(port, *(data[at : at + 1] for at in range(len(data)))) == ["/first", "/last"]
    assert [body for _, _, body in seen] == [SMUGGLED, b""]


async def test_it_may_expect_100_continue(port: int) -> None:
    data = _post(ASKING["curl --http2"] + b"Expect: 100-continue\r\n", LENGTH + SMUGGLED) + LAST

    for pieces in _packets(data):
        assert await _paths(port, *pieces) == ["/first", "/last"]


async def test_http_1_0_knows_no_upgrade(port: int) -> None:
    for pieces in _packets(_post(ASKING["curl --http2"], LENGTH + SMUGGLED, b"1.0")):
        seen.clear()

        assert await _paths(port, *pieces) == ["/first"]
        assert seen == [("POST", "/first", SMUGGLED)]


async def test_a_connection_that_is_to_close_closes(port: int) -> None:
    asking = b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n"

    for pieces in _packets(_post(asking, LENGTH + SMUGGLED)):
        assert await _paths(port, *pieces) == ["/first"]


@pytest.mark.parametrize("host", [b"", b"Host: a\r\nHost: b\r\n", b"Host: a b\r\n"])
async def test_its_head_is_checked_as_any_other(port: int, host: bytes) -> None:
    assert await _paths(port, b"GET / HTTP/1.1\r\n" + host + ASKING["curl --http2"] + b"\r\n" + LAST) == ["400"]


async def test_its_head_may_not_be_larger(port: int) -> None:
    long = b"X: " + b"x" * 40_000 + b"\r\n"

    assert await _paths(port, _post(ASKING["curl --http2"] + long, LENGTH + SMUGGLED)) == ["431"]
    assert await _paths(port, _post(ASKING["curl --http2"] + long[20_000:], LENGTH + SMUGGLED) + LAST) == ["400"]
    assert await _paths(port, _post(ASKING["curl --http2"] + b"X: " + long[20_000:], LENGTH + SMUGGLED) + LAST) == [
        "/first",
        "/last",
    ]


@pytest.mark.parametrize("target", [b"api:443", b"/", b"http://api/"])
@pytest.mark.parametrize("asking", [b"", ASKING["curl --http2"]])
async def test_connect_opens_no_tunnel(port: int, target: bytes, asking: bytes) -> None:
    data = b"CONNECT " + target + b" HTTP/1.1\r\nHost: api\r\n" + asking + b"\r\n" + SMUGGLED

    for pieces in ([data], [data[:-5], data[-5:]], [data[: -len(SMUGGLED)], SMUGGLED]):
        assert await _paths(port, *pieces) == ["400"]
    assert seen == []


async def test_bytes_that_are_no_request_are_refused_behind_the_response_before_them(port: int) -> None:
    good = b"GET /good HTTP/1.1\r\nHost: api\r\n\r\n"

    assert await _paths(port, good + good + b"GARBAGE\r\n\r\n") == ["/good", "/good", "400"]
    assert await _paths(port, good + b"CONNECT api:443 HTTP/1.1\r\nHost: api\r\n\r\n" + SMUGGLED) == ["/good", "400"]
    assert await _paths(port, good + b"GET / HTTP/2.0\r\nHost: api\r\n\r\n") == ["/good", "505"]


@pytest.mark.parametrize("asking", ASKING.values(), ids=ASKING.keys())
@pytest.mark.parametrize("body", [LENGTH + SMUGGLED, CHUNKED], ids=["length", "chunked"])
async def test_h11_which_the_readme_advises_reads_no_request_out_of_a_body(
    h11_port: int, asking: bytes, body: bytes
) -> None:
    for pieces in _packets(_post(asking, body) + LAST):
        seen.clear()

        assert await _paths(h11_port, *pieces) == ["/first", "/last"]
        assert seen == [("POST", "/first", SMUGGLED), ("GET", "/last", b"")]
