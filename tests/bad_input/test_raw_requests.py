"""Requests that no client would send: one response, no second request out of one, and the service stays up."""

from collections.abc import Iterator

import pytest

from stack.raw_http import connect, exchange, read_response
from stack.target import Stack

HOSTS: dict[str, bytes] = {
    "none": b"",
    "empty": b"Host:\r\n",
    "two": b"Host: a\r\nHost: b\r\n",
    "with a space": b"Host: a b\r\n",
    "half a bracket": b"Host: [\r\n",
    "300 characters": b"Host: " + b"a" * 300 + b"\r\n",
    "an impossible port": b"Host: evil:99999\r\n",
    "an IPv6 zone": b"Host: [fe80::1%25eth0]\r\n",
    "a path": b"Host: api/../admin?x=\r\n",
    "a fragment": b"Host: a/public#\r\n",
    "a user": b"Host: user@localhost\r\n",
    "not ASCII": b"Host: \xff\xfe\r\n",
}
TARGETS: dict[str, bytes] = {
    "another site": b"http://evil.example%b",
    "a user and a site": b"@evil.example%b",
    "our own site": b"http://localhost%b",
    "two slashes": b"/%b",
    "dots": b"/x/..%b",
    "an encoded NUL": b"%b%%00",
    "a fragment": b"%b#x",
}
BODIES: dict[str, bytes] = {
    "both lengths": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a signed length": b"Content-Length: +5\r\n\r\nhello",
    "a length in letters": b"Content-Length: five\r\n\r\nhello",
    "an enormous length": b"Content-Length: 99999999999999999999\r\n\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "a bad chunk size": b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
    "an enormous chunk": b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    "a space before the colon": b"Content-Length : 5\r\n\r\nhello",
    "a folded header": b"X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "a header without a name": b": x\r\nContent-Length: 0\r\n\r\n",
    "a NUL in a header": b"X-A: a\0b\r\nContent-Length: 0\r\n\r\n",
}
SERVICES = {"auth-server": (b"/api/auth/session", b"/api/auth/sign-in/email"), "backend": (b"/api/me", b"/api/notes")}


def _url(stack: Stack, service: str) -> str:
    return stack.auth_url if service == "auth-server" else stack.api_url


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(autouse=True)
def still_alive_afterwards(stack: Stack, service: str) -> Iterator[None]:
    yield
    response = exchange(
        _url(stack, service), b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    assert response.status == 200


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS.keys())
def test_a_hostile_host_opens_nothing(stack: Stack, service: str, host: bytes) -> None:
    path = SERVICES[service][0]

    response = exchange(_url(stack, service), b"GET " + path + b" HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n")

    assert response.status in {400, 401}, response


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_a_hostile_target_opens_nothing(stack: Stack, service: str, target: bytes) -> None:
    path = SERVICES[service][0]
    sent = b"GET " + target % path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    response = exchange(_url(stack, service), sent)

    assert response.status in {400, 401, 404}, response


@pytest.mark.parametrize("framing", BODIES.values(), ids=BODIES.keys())
def test_a_body_of_unclear_length_is_refused_and_holds_no_second_request(
    stack: Stack, service: str, framing: bytes
) -> None:
    path = SERVICES[service][1]
    head = b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"

    with connect(_url(stack, service)) as connection:
        connection.sendall(head + framing)
        response = read_response(connection, "POST")

    assert 400 <= response.status < 500, response
    assert b"HTTP/1.1" not in response.body


def test_a_body_without_a_length_is_cut_off_at_64_kib(stack: Stack, service: str) -> None:
    path = SERVICES[service][1]
    head = (
        b"POST "
        + path
        + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunks = b"400\r\n" + b" " * 1024 + b"\r\n"

    response = exchange(_url(stack, service), head + chunks * 65 + b"0\r\n\r\n")

    assert response.status == 413, response
    assert b'"PAYLOAD_TOO_LARGE"' in response.body


@pytest.mark.parametrize(
    "head",
    [b"X-Big: " + b"x" * 100_000 + b"\r\n", b"X-Many: x\r\n" * 3000, b"Cookie: a=" + b"x" * 70_000 + b"\r\n"],
    ids=["one of 100 kB", "3,000 of them", "a 70 kB cookie"],
)
def test_too_large_headers_are_refused(stack: Stack, service: str, head: bytes) -> None:
    path = SERVICES[service][0]

    response = exchange(
        _url(stack, service), b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + head + b"\r\n"
    )

    assert response.status in {0, 400, 401, 431}, response


def test_a_path_of_100_kb_is_refused(stack: Stack, service: str) -> None:
    response = exchange(
        _url(stack, service), b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )

    assert response.status in {400, 404, 414, 431}, response
