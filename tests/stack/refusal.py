"""The one error body, looked at closely."""

import re

import httpx

_INSIDE = re.compile(
    r"Traceback|node_modules|\.[tj]s:\d|\.py\"|psycopg|sqlalchemy|SELECT |INSERT |\bat .+:\d+:\d+|ECONNREFUSED"
)


def assert_refused(response: httpx.Response, *statuses: int) -> None:
    """A 4xx (or one of `statuses`) with exactly a code and a message, a request id, and nothing from inside."""
    expected = statuses or range(400, 500)
    assert response.status_code in expected, (
        f"{response.request.method} {response.request.url}: {response.status_code} {response.text[:300]}"
    )
    assert response.headers.get("x-request-id"), "no x-request-id"
    assert not _INSIDE.search(response.text), response.text
    if response.request.method == "HEAD":
        return
    body = response.json()
    assert set(body) == {"code", "message"}, body
    assert re.fullmatch(r"[A-Z][A-Z0-9_]+", body["code"]), body
    assert body["message"], body


def assert_unavailable(response: httpx.Response) -> None:
    """Don't know: 503, when to try again, and nobody signed out by it."""
    assert_refused(response, 503)
    assert int(response.headers["retry-after"]) >= 1
    assert response.headers["x-retry-after"] == response.headers["retry-after"]
    assert "set-cookie" not in response.headers, response.headers["set-cookie"]
