"""Unknown paths, wrong methods and hostile queries get a 4xx and the one error body."""

import uuid

import pytest

from stack.raw_http import exchange
from stack.refusal import assert_refused
from stack.routes import ALL_GET, ALL_POST
from stack.target import Stack
from stack.visitors import ApiClient, Browser

UNKNOWN = [
    "/nothing",
    "/api",
    "/api/",
    "/api/nothing",
    "/api/auth/nothing",
    "/api/auth/",
    "/.env",
    "/api/auth/sign-in",
    "/api//me",
    "//api/auth/ok",
    "/api/me/x.css",
    "/api/me;.js",
    "/api/me%0A.css",
    "/api/notes/not-a-uuid",
    "/api/notes/%00",
    "/api/auth/%00",
    "/api/auth/%ED%A0%80",
    "/api/%ff",
    "/api/auth/../../internal/session",
    "/api/auth/callback/%00",
]
METHODS = ["PUT", "PATCH", "DELETE", "PROPFIND", "TRACE", "get", "FOO", "__INIT__"]
QUERIES = [
    "token=%00",
    "token=%ED%A0%80",
    "token=%ff",
    "token=%",
    "token=" + "x" * 6000,
    "token[$ne]=",
    "token=a&token=b",
    "limit=-1",
    "limit=1e9",
    "limit=NaN",
    "sort=id;drop",
    "disableRefresh=%00",
    "callbackURL=%00",
    "error=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "__proto__[x]=1",
]


def _origin(stack: Stack, service: str) -> str:
    return stack.auth_url if service == "auth-server" else stack.api_url


@pytest.mark.parametrize(
    ("service", "path"),
    # The backend's points to its documentation.
    [("auth-server", "/"), *((service, path) for service in ("auth-server", "backend") for path in UNKNOWN)],
)
def test_an_unknown_path_is_refused(stack: Stack, service: str, path: str) -> None:
    sent = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    response = exchange(_origin(stack, service), sent.encode())

    assert 400 <= response.status < 500, (response.status, response.body)
    assert response.body.startswith(b'{"code":'), response.body
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(("service", "path"), [*ALL_GET, *ALL_POST])
def test_a_wrong_method_is_refused(stack: Stack, service: str, path: str) -> None:
    for method in METHODS:
        if (method, path) == ("DELETE", "/api/notes"):
            continue
        sent = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        response = exchange(_origin(stack, service), sent.encode())

        # A parser that knows no such method responds with 400 before the service sees the request.
        assert response.status in {400, 401, 403, 404, 405, 429}, (method, response.status)
        if response.status != 400:
            assert response.body.startswith(b'{"code":'), (method, response.body)


@pytest.mark.parametrize(("service", "path"), ALL_POST)
def test_a_route_that_writes_cannot_be_read(stack: Stack, signed_in: Browser, service: str, path: str) -> None:
    if path == "/api/notes":
        return
    assert_refused(signed_in.request("GET", _origin(stack, service) + path), 404, 405)


@pytest.mark.parametrize(("service", "path"), [*ALL_GET, ("backend", "/api/no-such")])
def test_a_hostile_query_is_never_a_server_error(stack: Stack, signed_in: Browser, service: str, path: str) -> None:
    for query in QUERIES:
        response = signed_in.copy().request("GET", f"{_origin(stack, service)}{path}?{query}")

        assert response.status_code < 500, (query, response.text)
        assert "<script>" not in response.text
        assert "evil" not in response.headers.get("location", "")
        if response.status_code >= 400:
            assert_refused(response)


@pytest.mark.parametrize("sent", ["short", "x" * 65, "a b c d e f", "../../../etc", "<script>x</script>", "x" * 7])
@pytest.mark.parametrize("service", ["auth-server", "backend"])
def test_a_request_id_that_is_none_is_replaced(stack: Stack, service: str, sent: str) -> None:
    url = _origin(stack, service) + "/health/live"

    response = ApiClient(stack).request("GET", url, headers={"x-request-id": sent})

    assert str(uuid.UUID(response.headers["x-request-id"])) == response.headers["x-request-id"]


@pytest.mark.parametrize("service", ["auth-server", "backend"])
def test_a_good_request_id_is_kept(stack: Stack, service: str) -> None:
    url = _origin(stack, service) + "/health/live"

    response = ApiClient(stack).request("GET", url, headers={"x-request-id": "trace.1-of_tests"})

    assert response.headers["x-request-id"] == "trace.1-of_tests"
