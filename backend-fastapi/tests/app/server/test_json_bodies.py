"""A body of JSON means one thing, on every route, or it is refused: the auth server's rules, in json-object.test.ts."""

import httpx
import pytest

from tests.support.fake_auth_server import SignUp

TEXT = '{"text": "x"}'


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json; charset=utf8",
        "application/json; Charset=Utf8",
        'application/json; charset="utf-8"',
        'application/json ; charset="UTF8" ',
        "application/json;",
        "application/json; ",
        "application/json; charset=utf-8;",
        "application/json;; charset=utf-8",
        "application/json; profile=x; charset=utf-8",
    ],
)
async def test_json_in_utf_8_is_taken_however_its_type_is_written(
    api: httpx.AsyncClient, sign_up: SignUp, content_type: str
) -> None:
    headers = {**sign_up().bearer, "content-type": content_type}

    assert (await api.post("/api/notes", headers=headers, content=TEXT)).status_code == 201


@pytest.mark.parametrize(
    "content_type",
    [
        "application/merge-patch+json",
        "application/vnd.api+json",
        "application/json-patch+json; charset=utf-8",
        "application/+json",
        "application/x/json",
        "application/json; charset=utf-7",
        "application/json; charset=utf-16",
        "application/json; charset=utf-16le",
        'application/json; charset="utf-32"',
        "application/json; charset=latin1",
        "application/json; charset=",
        "application/json; charset=utf-8; charset=utf-7",
        "application/json; charset='utf-8'",
        'application/json; charset="utf-8',
        "application/json; charset utf-8",
        "application/json; =",
        "application/json, text/plain",
        "application/json text/plain",
        "text/plain; application/json",
        "text/plain+json",
    ],
)
async def test_a_body_of_another_type_or_encoding_is_refused(
    api: httpx.AsyncClient, sign_up: SignUp, content_type: str
) -> None:
    headers = {**sign_up().bearer, "content-type": content_type}

    response = await api.post("/api/notes", headers=headers, content=TEXT)

    assert (response.status_code, response.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("first", ["application/json", "text/plain", "application/json; charset=utf-7"])
async def test_a_body_of_two_types_is_refused(api: httpx.AsyncClient, sign_up: SignUp, first: str) -> None:
    types = [("content-type", first), ("content-type", "application/json")]

    response = await api.post("/api/notes", headers=[*sign_up().bearer.items(), *types], content=TEXT)

    assert (response.status_code, response.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def _nested(depth: int, *, innermost: str = "1") -> bytes:
    return b'{"text": "x", "more": ' + b"[" * (depth - 1) + innermost.encode() + b"]" * (depth - 1) + b"}"


BODIES: dict[str, bytes] = {
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, little": TEXT.encode("utf-16-le"),
    "UTF-16, big": TEXT.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "UTF-7": b'{"text": "+AGE-" +AH0-',
    "latin-1": '{"text": "\xe9"}'.encode("latin-1"),
    "overlong": b'{"text": "\xc0\xaf"}',
    "NaN": b'{"text": "x", "n": NaN}',
    "Infinity": b'{"text": "x", "n": Infinity}',
    "-Infinity": b'{"text": "x", "n": [-Infinity]}',
    "more than a double": b'{"text": "x", "n": 1e999}',
    "a name twice": b'{"text": "x", "text": "y"}',
    "a name twice, once escaped": b'{"text": "x", "\\u0074ext": "y"}',
    "a name twice, deep": b'{"text": "x", "a": [{"b": 1, "b": 1}]}',
    "half a pair": b'{"text": "\\ud800"}',
    "the other half": b'{"text": "\\udfff"}',
    "half a pair in a name": b'{"text": "x", "\\ud800": 1}',
    "half a pair, deep": b'{"text": "x", "a": [{"b": "\\ud83d"}]}',
    "NUL, escaped": b'{"text": "a\\u0000b"}',
    "NUL, raw": b'{"text": "a\0b"}',
    "NUL in a name": b'{"text": "x", "\\u0000": 1}',
    "9 deep": _nested(9),
    "30,000 deep": _nested(30_000, innermost=""),
    "a comment": b'{"text": "x"} // y',
    "two values": b'{"text": "x"} {}',
    "a comma too many": b'{"text": "x",}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("path", ["/api/notes", "/health/live"])
async def test_json_that_parsers_read_differently_is_refused_on_every_route(
    api: httpx.AsyncClient, sign_up: SignUp, path: str, body: bytes
) -> None:
    headers = {**sign_up().bearer, "content-type": "application/json"}

    response = await api.post(path, headers=headers, content=body)

    assert (response.status_code, response.json()["code"]) == (400, "INVALID_JSON")


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),
        _nested(8),
        b'{"text": "\\ud83d\\ude00"}',
        b'{"text": "\xf0\x9f\x98\x80"}',
        b'{"text": "x", "a": {"b": 1}, "c": {"b": 1}}',
        b'{"text": "x", "n": 1e308}',
    ],
    ids=[
        "a byte order mark of UTF-8",
        "8 deep",
        "a pair, escaped",
        "a pair",
        "a name in two objects",
        "a large number",
    ],
)
async def test_odd_json_that_means_one_thing_is_taken(api: httpx.AsyncClient, sign_up: SignUp, body: bytes) -> None:
    headers = {**sign_up().bearer, "content-type": "application/json"}

    assert (await api.post("/api/notes", headers=headers, content=body)).status_code == 201
