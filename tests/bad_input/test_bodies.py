"""Every route that takes a body refuses a bad one with a 4xx and the one error body."""

import json
import zlib

import httpx
import pytest

from stack.refusal import assert_refused
from stack.routes import ALL_POST
from stack.visitors import Browser

LIMIT_BYTES = 64 * 1024
BOMB = zlib.compress(b'{"text": "' + b" " * 20_000_000 + b'"}')
NO_JSON: dict[str, bytes] = {
    "nothing": b"",
    "cut off": b'{"email": "a@example.com',
    "text": b"hello",
    "two values": b"{} {}",
    "single quotes": b"{'email': 'a'}",
    "a comment": b"/* */ {}",
    "not a number": b'{"text": NaN}',
    "not UTF-8": b'{"text": "\xff\xfe", "email": "\xc0\xaf", "name": "\xed\xa0\x80"}',
    "a byte order mark of another encoding": '{"text": "x"}'.encode("utf-16"),
    "nested 20,000 deep": b"[" * 20_000 + b"]" * 20_000,
    "a NUL": b"\0",
}
NOT_AN_OBJECT = ["null", "1", "true", '"text"', "[]", '[{"text": "x"}]']
WRONG_VALUES: dict[str, object] = {
    "number": 1,
    "boolean": True,
    "null": None,
    "list": ["a@example.com"],
    "object": {"$ne": ""},
    "NUL": "a\0b@example.com",
    "lone surrogate": "\ud800@example.com",
    "huge number": 10**400,
}
FIELDS = (
    *("email", "password", "name", "image", "callbackURL", "currentPassword", "newPassword", "newEmail", "token"),
    *("text", "provider", "providerId", "accountId", "idToken", "scopes", "rememberMe", "redirectTo"),
)


def _post(
    browser: Browser, service: str, path: str, content: bytes | str, content_type: str = "application/json"
) -> httpx.Response:
    url = (browser.stack.auth_url if service == "auth-server" else browser.stack.api_url) + path
    return browser.copy().request("POST", url, content=content, headers={"content-type": content_type})


def _optional_body(path: str) -> bool:
    """Routes that mean the same with no body at all; what they would end is not ended here."""
    return path in {
        "/api/auth/sign-out",
        "/api/auth/revoke-sessions",
        "/api/auth/revoke-other-sessions",
        "/api/auth/devices/revoke-others",
        "/api/auth/delete-user",
        "/api/auth/update-session",
    }


WITH_BODY = [route for route in ALL_POST if not _optional_body(route[1])]


@pytest.mark.parametrize(("service", "path"), WITH_BODY)
@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON.keys())
def test_what_is_no_json_is_refused(signed_in: Browser, service: str, path: str, content: bytes) -> None:
    assert_refused(_post(signed_in, service, path, content))


@pytest.mark.parametrize(("service", "path"), WITH_BODY)
@pytest.mark.parametrize("content", NOT_AN_OBJECT)
def test_json_that_is_no_object_is_refused(signed_in: Browser, service: str, path: str, content: str) -> None:
    assert_refused(_post(signed_in, service, path, content))


@pytest.mark.parametrize(("service", "path"), WITH_BODY)
@pytest.mark.parametrize("value", WRONG_VALUES.values(), ids=WRONG_VALUES.keys())
def test_fields_of_the_wrong_kind_are_refused(signed_in: Browser, service: str, path: str, value: object) -> None:
    response = _post(signed_in, service, path, json.dumps(dict.fromkeys(FIELDS, value)))

    assert_refused(response)


@pytest.mark.parametrize(("service", "path"), ALL_POST)
def test_a_body_over_64_kib_is_refused_before_it_is_parsed(signed_in: Browser, service: str, path: str) -> None:
    padding = "x" * (LIMIT_BYTES + 1 - len('{"name": ""}'))

    response = _post(signed_in, service, path, json.dumps({"name": padding}))

    assert_refused(response, 413)
    assert response.json()["code"] == "PAYLOAD_TOO_LARGE"


@pytest.mark.parametrize(("service", "path"), WITH_BODY)
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json;charset=utf-7",
        "x",
        "/",
        "application/json, text/plain",
        "a/b;" + "c" * 4000,
    ],
    ids=lambda value: value[:30],
)
def test_a_body_of_another_type_is_refused(signed_in: Browser, service: str, path: str, content_type: str) -> None:
    response = _post(signed_in, service, path, b"--x", content_type)

    assert_refused(response)


@pytest.mark.parametrize(("service", "path"), [("auth-server", "/api/auth/sign-in/email"), ("backend", "/api/notes")])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x"])
def test_a_compressed_body_is_never_unpacked(signed_in: Browser, service: str, path: str, encoding: str) -> None:
    url = (signed_in.stack.auth_url if service == "auth-server" else signed_in.stack.api_url) + path
    headers = {"content-type": "application/json", "content-encoding": encoding}

    assert_refused(signed_in.request("POST", url, content=BOMB, headers=headers))
