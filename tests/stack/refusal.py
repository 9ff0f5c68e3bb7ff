"""The one error body, looked at closely."""

import re

import httpx

_INSIDE = re.compile(
    r"Traceback|node_modules|\.[tj]s:\d|\.py\"|psycopg|sqlalchemy|SELECT |INSERT |\bat .+:\d+:\d+|ECONNREFUSED"
)


def assert_refused(answer: httpx.Response, *statuses: int) -> None:
    """A 4xx (or one of `statuses`) with exactly a code and a message, a request id, and nothing from inside."""
    expected = statuses or range(400, 500)
    assert answer.status_code in expected, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:300]}"
    )
    assert answer.headers.get("x-request-id"), "no x-request-id"
    assert not _INSIDE.search(answer.text), answer.text
    if answer.request.method == "HEAD":
        return
    body = answer.json()
    assert set(body) == {"code", "message"}, body
    assert re.fullmatch(r"[A-Z][A-Z0-9_]+", body["code"]), body
    assert body["message"], body


def assert_unavailable(answer: httpx.Response) -> None:
    """Don't know: 503, when to ask again, and nobody signed out by it."""
    assert_refused(answer, 503)
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["x-retry-after"] == answer.headers["retry-after"]
    assert "set-cookie" not in answer.headers, answer.headers["set-cookie"]
