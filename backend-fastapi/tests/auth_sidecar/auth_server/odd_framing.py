"""Bytes of responses that are framed in another way than the auth server's, around the right body."""

import gzip
import zlib

from tests.auth_sidecar.auth_server.odd_bodies import OK
from tests.support.raw_auth_server import http

NO = b'{"code":"SESSION_EXPIRED","message":"No."}'


def chunked(*lines: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"\r\n".join(lines)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SIZE = b"%x" % len(OK)
BYTES: dict[str, bytes] = {
    **{
        f"Content-Encoding: {name}": http(OK, b"Content-Encoding: " + name.encode())
        for name in ("gzip", "deflate", "br", "zstd", "compress", "identity", "x", "gzip, gzip", "")
    },
    "gzip indeed": http(gzip.compress(OK), b"Content-Encoding: gzip"),
    "gzip that nobody names": http(gzip.compress(OK)),
    "deflate indeed": http(zlib.compress(OK), b"Content-Encoding: deflate"),
    "a 401 in gzip": http(gzip.compress(NO), b"Content-Encoding: gzip", status=b"401 No"),
    "a 401 that says gzip": http(NO, b"Content-Encoding: gzip", status=b"401 No"),
    **{
        f"Content-Type: {kind}": http(OK, kind=kind.encode())
        for kind in (
            "text/html",
            "text/plain",
            "text/json",
            "application/problem+json",
            "application/jsonp",
            "application/json, text/html",
            "application/json; charset=utf-16",
            "application/json; charset=latin-1",
            "application/x-ndjson",
            "",
        )
    },
    "no Content-Type": http(OK, kind=None),
    "two types": http(OK, b"Content-Type: text/html"),
    "the same type twice": http(OK, b"Content-Type: application/json"),
    "a Content-Range": http(OK, b"Content-Range: bytes 0-9/10"),
    **{
        f"status {status}": http(OK, status=status.encode())
        for status in (
            "201 Created",
            "202 Accepted",
            "203 Transformed",
            "204 No Content",
            "205 Reset",
            "206 Partial",
            "226 IM",
            "299 x",
            "300 x",
            "301 x",
            "302 x",
            "304 Not Modified",
            "307 x",
            "400 x",
            "402 x",
            "403 x",
            "404 x",
            "407 x",
            "418 x",
            "429 x",
            "500 x",
            "502 x",
            "503 x",
            "504 x",
            "511 x",
            "999 x",
            "1000 x",
            "20 x",
            "000 x",
            "-200 x",
            "two hundred",
        )
    },
    **{
        f"{code} with the refusal of a 401": http(NO, status=f"{code} x".encode()) for code in (200, 400, 402, 403, 404)
    },
    **{
        f"version {version}": http(OK).replace(b"HTTP/1.1", version.encode())
        for version in ("HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTPS/1.1", "ICY", "http/1.1")
    },
    "no version": OK,
    "a redirect to itself": http(OK, b"Location: /internal/session", status=b"302 Found"),
    "101": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + OK,
    "100 alone": b"HTTP/1.1 100 Continue\r\n\r\n",
    "a Content-Length too short": HEAD + b"Content-Length: %d\r\n\r\n" % (len(OK) - 1) + OK,
    "a Content-Length too long": HEAD + b"Content-Length: %d\r\n\r\n" % (len(OK) + 1) + OK,
    "a Content-Length of 0": HEAD + b"Content-Length: 0\r\n\r\n" + OK,
    "a negative Content-Length": HEAD + b"Content-Length: -1\r\n\r\n" + OK,
    "a Content-Length in words": HEAD + b"Content-Length: all\r\n\r\n" + OK,
    "two Content-Lengths": HEAD + b"Content-Length: %d\r\nContent-Length: 3\r\n\r\n" % len(OK) + OK,
    "a Content-Length and chunks": chunked(SIZE, OK, b"0", b"", b"").replace(b"\r\n", b"\r\nContent-Length: 5\r\n", 1),
    "chunks that are none": chunked(b"zz", OK),
    "a negative chunk": chunked(b"-1", OK),
    "a chunk too short": chunked(b"2", OK, b"0", b"", b""),
    "a chunk too long": chunked(b"ffff", OK, b"0", b"", b""),
    "a chunk of 2^64 bytes": chunked(b"10000000000000000", OK),
    "no last chunk": chunked(SIZE, OK, b""),
    "chunks that are gzip": chunked(SIZE, OK, b"0", b"", b"").replace(b"chunked", b"gzip, chunked"),
    "a transfer coding that is none": chunked(OK).replace(b"chunked", b"identity"),
    "an empty head": b"\r\n\r\n",
    "a head without end": HEAD,
    "a header without a colon": HEAD + b"nonsense\r\n\r\n" + OK,
    "a header with a NUL": HEAD + b"X: a\0b\r\nContent-Length: %d\r\n\r\n" % len(OK) + OK,
    "a header with a blank before its colon": HEAD + b"X : a\r\nContent-Length: %d\r\n\r\n" % len(OK) + OK,
    "a header of 200 kB": HEAD + b"X: " + b"x" * 200_000 + b"\r\n\r\n" + OK,
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "TLS": b"\x15\x03\x01\x00\x02\x02\x16",
    "HTTP/2 frames": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 3,
    "zeros": b"\0" * 1000,
    "nothing": b"",
}

FINE_BYTES: dict[str, bytes] = {
    "a charset": http(OK, kind=b"application/json; charset=UTF-8"),
    "a quoted charset": http(OK, kind=b'Application/JSON;charset="utf-8"'),
    "chunks": chunked(b"5", OK[:5], b"%x" % (len(OK) - 5), OK[5:], b"0", b"", b""),
    "an interim response": b"HTTP/1.1 103 Early Hints\r\n\r\n" + http(OK),
    "HTTP/1.0": http(OK).replace(b"1.1", b"1.0", 1),
    "a body that ends with the connection": HEAD + b"\r\n" + OK,
}

ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "interim responses": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": (HEAD, b"X: " + b"x" * 100 + b"\r\n"),
    "blanks": (HEAD + b"\r\n", b" "),
    "chunks": (chunked(), b"1\r\n \r\n"),
    "a chunk's extension": (chunked() + b"1;", b"a" * 100),
    "a status line": (b"HTTP/1.1 200 ", b"O" * 100),
}
