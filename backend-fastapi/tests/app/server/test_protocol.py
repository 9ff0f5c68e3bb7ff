"""What comes before a body, on real sockets."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.server.protocol import BoundedProtocol


class HastyProtocol(BoundedProtocol):
    max_head_seconds = 0.3


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message["body"])
        more = message["more_body"]
    names = b" ".join(name for name, _value in scope["headers"]).decode()  # read last, when trailers have come too
    body = names if scope["path"] == "/headers" else str(length)
    await PlainTextResponse(body)(scope, receive, send)


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    """A server with the protocol. It has patience with a busy machine, on which a head takes its time too."""
    async for port in _serve(BoundedProtocol):
        yield port


@pytest.fixture
async def hasty_port() -> AsyncGenerator[int]:
    """Of one whose patience is short."""
    async for port in _serve(HastyProtocol):
        yield port


async def _serve(protocol: type[BoundedProtocol]) -> AsyncGenerator[int]:
    config = uvicorn.Config(echo, port=0, http=protocol, lifespan="off", ws="none", log_config=None)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


async def _read(reader: asyncio.StreamReader) -> bytes:
    """Piece by piece: after a reset, caused by what is sent in vain, the stream gives nothing of what came before."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while more := await reader.read(65_536):
            received += more
    return received


async def talk(port: int, *pieces: bytes) -> list[tuple[int, str]]:
    """Sends the pieces one by one; the responses that came until the server closed, as status and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    receiving = asyncio.create_task(_read(reader))
    async with asyncio.timeout(5):
        for piece in pieces:
            if receiving.done():  # the server may respond and close before it has read everything
                break
            writer.write(piece)
            await asyncio.wait([receiving], timeout=0.02)
        received = await receiving
    writer.close()
    responses: list[tuple[int, str]] = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        responses.append((int(head.split()[1]), rest[:length].decode()))
        received = rest[length:]
    return responses


async def test_a_trailer_is_no_header(port: int) -> None:
    head = b"POST /headers HTTP/1.1\r\nHost: api\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk, end = b"5\r\nhello\r\n", b"0\r\nAuthorization: Bearer x\r\nOrigin: http://localhost:3000\r\n\r\n"
    response = [(200, "host connection transfer-encoding")]

    assert await talk(port, head + chunk + end) == response
    assert await talk(port, head, chunk, end) == response


GOOD = b"GET / HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GARBAGE\r\n\r\n",
        b"get / HTTP/1.1\r\nHost: api\r\n\r\n",
        b"__INIT__ / HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil:99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: api/../admin?x=\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a/public#\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + b"a" * 300 + b"\r\n\r\n",
        b"GET \xff HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET / HTTP/1.1x\r\nHost: api\r\n\r\n",
        b"GET / HTTQ/1.1\r\nHost: api\r\n\r\n",
        b"GET /#x HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET api HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET http://user@api/ HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET http:///x HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET ftp://api/ HTTP/1.1\r\nHost: api\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: api\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: +5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: api\r\nX: a\nY: b\r\n\r\n",
        b"CONNECT api:443 HTTP/1.1\r\nHost: api\r\n\r\n",
    ],
)
async def test_bytes_that_are_no_clear_request_are_refused_in_the_one_error_body(
    port: int, request_bytes: bytes
) -> None:
    ((status, body),) = await talk(port, request_bytes)

    assert (status, json.loads(body)["code"]) == (400, "BAD_REQUEST")
    assert await talk(port, GOOD) == [(200, "0")]


@pytest.mark.parametrize("line", [b"GET / HTTP/2.0", b"PRI * HTTP/2.0", b"GET / HTTP/0.9", b"GET /", b"GET / HTTP/1.2"])
@pytest.mark.parametrize("headers", [b"", b"Host: api\r\n"])
async def test_another_version_of_http_is_refused_as_such(port: int, line: bytes, headers: bytes) -> None:
    ((status, body),) = await talk(port, line + b"\r\n" + headers + b"\r\nSM\r\n\r\n")

    assert (status, json.loads(body)["code"]) == (505, "HTTP_VERSION_NOT_SUPPORTED")


@pytest.mark.parametrize("target", [b"http://api/", b"http://api", b"HTTPS://other.example:8443?x", b"http://[::1]/"])
async def test_a_target_may_name_a_host(port: int, target: bytes) -> None:
    request = b"GET " + target + b" HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n"

    assert await talk(port, request) == [(200, "0")]


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET / HTTP/1.1\r\nHost: api\r\nX: " + b"x" * 40_000 + b"\r\n\r\n"],
        [b"GET / HTTP/1.1\r\nHost: api\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(6000)) + b"\r\n"],
        [b"GET /" + b"x" * 65_536 + b" HTTP/1.1\r\nHost: api\r\n\r\n"],
        [b"GET / HTTP/1.1\r\nHost: api\r\nX: ", *[b"x" * 8_000] * 6],
        [b"GET /", *[b"x" * 8_000] * 6],
    ],
    ids=["long header", "many headers", "long path", "endless header", "endless path"],
)
async def test_a_head_that_is_too_large_is_refused(port: int, pieces: list[bytes]) -> None:
    ((status, body),) = await talk(port, *pieces)

    assert (status, json.loads(body)["code"]) == (431, "HEADERS_TOO_LARGE")


@pytest.mark.parametrize("pieces", [[b""], [b"GET / HTTP/1.1\r\nHost: a"], [b"\r\n"], [b"G", b"E", b"T"]])
async def test_a_head_that_does_not_come_is_not_waited_for(hasty_port: int, pieces: list[bytes]) -> None:
    ((status, body),) = await talk(hasty_port, *pieces)

    assert (status, json.loads(body)["code"]) == (408, "REQUEST_TIMEOUT")


async def test_a_head_that_drips_is_not_waited_for(hasty_port: int) -> None:
    ((status, _),) = await talk(hasty_port, b"GET / HTTP/1.1\r\n", *[b"X"] * 100)

    assert status == 408


async def test_bodies_large_and_small_pass_one_after_the_other(port: int) -> None:
    def post(size: int, connection: bytes = b"keep-alive") -> bytes:
        return (
            b"POST / HTTP/1.1\r\nHost: api\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n" % (connection, size)
            + b"x" * size
        )

    pieces = [post(60_000), post(10), post(33_000), post(60_000, b"close")]

    assert await talk(port, *pieces) == [(200, "60000"), (200, "10"), (200, "33000"), (200, "60000")]


async def test_requests_sent_at_once_are_served_in_turn(port: int) -> None:
    first = b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: 3\r\n\r\nabc"

    assert await talk(port, first + GOOD) == [(200, "3"), (200, "0")]


async def test_an_old_client_without_host_is_served(port: int) -> None:
    assert await talk(port, b"GET / HTTP/1.0\r\n\r\n") == [(200, "0")]
