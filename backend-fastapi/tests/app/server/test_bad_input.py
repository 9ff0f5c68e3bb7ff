"""Whatever is sent: a 4xx in the one error body, never a 500, and nothing of it comes back."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.support.fake_auth_server import SignUp

JSON = {"content-type": "application/json"}
ORIGIN = "http://localhost:3000"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"text": "x', 400, "INVALID_JSON"),
        (b"", 422, "VALIDATION_ERROR"),
        (b"text=x", 400, "INVALID_JSON"),
        (b"\xff\xfe", 400, "INVALID_JSON"),
        (b'{"text": "\xed\xa0\x80"}', 400, "INVALID_JSON"),
        (b'{"text": "a\x00b"}', 400, "INVALID_JSON"),
        (b"[" * 60_000, 400, "INVALID_JSON"),
        (b'{"text": ' + b"9" * 10_000 + b"}", 400, "INVALID_JSON"),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413, "PAYLOAD_TOO_LARGE"),
    ],
    ids=["cut off", "empty", "form", "not UTF-8", "surrogate bytes", "NUL", "deep", "long number", "large"],
)
async def test_a_body_that_is_no_json_is_refused(
    api: httpx.AsyncClient, sign_up: SignUp, body: bytes, status: int, code: str
) -> None:
    ada = sign_up()

    response = await api.post("/api/notes", headers={**ada.bearer, **JSON}, content=body)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert set(response.json()) == {"code", "message"}


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/jsonp"},
        {"content-type": "text/json"},
        {"content-type": ""},
        {},
        {**JSON, "content-encoding": "gzip"},
        {**JSON, "content-encoding": "br"},
    ],
)
async def test_a_body_that_is_not_sent_as_json_is_refused(
    api: httpx.AsyncClient, sign_up: SignUp, headers: dict[str, str]
) -> None:
    ada = sign_up()

    response = await api.post("/api/notes", headers={**ada.bearer, **headers}, content=b'{"text": "x"}')

    assert (response.status_code, response.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_chunked_body_is_counted_while_it_arrives(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()
    sent = 0

    async def endless() -> AsyncGenerator[bytes]:
        nonlocal sent
        while True:
            sent += 4096
            yield b"x" * 4096
            await asyncio.sleep(0)

    response = await api.post("/api/notes", headers={**ada.bearer, **JSON}, content=endless())

    assert (response.status_code, response.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert sent <= 2 * 64 * 1024


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/me/",
        "/api/me/x.css",
        "/api/me;.js",
        "/api/me%0A.css",
        "/api/me%00",
        "/api//me",
        "/API/ME",
        "/api/notes/",
        "/.env",
        "/metrics",
        "/health/metrics",
        "/internal/session",
        "/redoc",
        "/api/%ED%A0%80",
        "/api/" + "x" * 10_000,
    ],
)
async def test_an_unknown_path_is_not_found(api: httpx.AsyncClient, sign_up: SignUp, path: str) -> None:
    ada = sign_up()

    response = await api.get(path, headers=ada.bearer)

    assert (response.status_code, response.json()) == (404, {"code": "NOT_FOUND", "message": "There is nothing here."})
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/notes", "DELETE, GET, POST"),
        ("HEAD", "/api/notes", "DELETE, GET, POST"),
        ("TRACE", "/api/notes", "DELETE, GET, POST"),
        ("FOO", "/api/notes", "DELETE, GET, POST"),
        ("__INIT__", "/api/me", "GET"),
        ("POST", "/api/me", "GET"),
        ("GET", "/api/notes/00000000-0000-0000-0000-000000000000", "DELETE"),
        ("OPTIONS", "/api/me", "GET"),
        ("DELETE", "/health/live", "GET, HEAD"),
    ],
)
async def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(
    api: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    response = await api.request(method, path)

    assert (response.status_code, response.headers["allow"]) == (405, allowed)
    if method != "HEAD":
        assert response.json()["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("req-0123456789", True), ("short", False), ("x" * 65, False), ("a b c d e f", False), ("<script>", False)],
)
async def test_every_response_has_a_request_id_and_the_callers_where_it_is_well_formed(
    api: httpx.AsyncClient, given: str, is_kept: bool
) -> None:
    for path in ("/api/me", "/nothing", "/health/live"):
        response = await api.get(path, headers={"x-request-id": given})
        assert (response.headers["x-request-id"] == given) == is_kept
        assert len(response.headers["x-request-id"]) >= 8


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://LOCALHOST:3000",
        "http://localhost:3001",
        "https://localhost:3000",
        "http://localhost:3000.evil.example",
    ],
)
async def test_cors_never_reflects_a_foreign_origin(api: httpx.AsyncClient, sign_up: SignUp, origin: str) -> None:
    ada = sign_up()
    preflight = {"origin": origin, "access-control-request-method": "POST"}

    for path in ("/api/me", "/api/notes", "/nothing", "/health/live"):
        simple = await api.get(path, headers={**ada.bearer, "origin": origin})
        refused = await api.options(path, headers=preflight)
        for response in (simple, refused):
            assert "access-control-allow-origin" not in response.headers
            assert "Origin" in response.headers["vary"].split(", ")
        assert (refused.status_code, refused.json()["code"]) == (403, "CORS_REFUSED")


async def test_cors_lets_a_page_of_ours_read_with_credentials_even_errors(
    api: httpx.AsyncClient, sign_up: SignUp
) -> None:
    ada = sign_up()

    for headers in (ada.cookie, {}):
        response = await api.get("/api/me", headers={**headers, "origin": ORIGIN})
        assert response.headers["access-control-allow-origin"] == ORIGIN
        assert response.headers["access-control-allow-credentials"] == "true"
        assert response.headers["access-control-expose-headers"] == "x-request-id, retry-after, x-retry-after"
        assert {"Origin", "Cookie", "Authorization"} <= set(response.headers["vary"].split(", "))


async def test_a_preflight_of_ours_gets_the_fixed_list(api: httpx.AsyncClient) -> None:
    asked = {
        "origin": ORIGIN,
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "authorization,content-type,traceparent,tracestate,baggage,sentry-trace",
    }

    response = await api.options("/api/notes", headers=asked)
    more = await api.options("/api/notes", headers={**asked, "access-control-request-headers": "x-evil"})

    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, ORIGIN)
    assert more.status_code == 403
    assert "x-evil" not in more.headers["access-control-allow-headers"].lower()


async def test_every_response_tells_browsers_to_keep_and_frame_nothing(api: httpx.AsyncClient, sign_up: SignUp) -> None:
    ada = sign_up()

    for path in ("/api/me", "/api/notes", "/nothing", "/health/live"):
        headers = (await api.get(path, headers=ada.bearer)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "no-store" in headers["cache-control"]
