"""Bodies of a 200 that are not what the auth server writes. Each is otherwise right: one mistake at a time."""

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.fake_auth_server import COOKIE, FakeUser

GOOD = FakeUser(id="u1", token="t1.c2ln").as_json()
TEXT = json.dumps(GOOD)
OK = TEXT.encode()
SENT = {"cookie": f"{COOKIE}=t1.c2ln"}
"""By whoever asks."""


def is_dont_know(response: httpx.Response) -> bool:
    is_503 = (response.status_code, response.headers.get("retry-after")) == (503, "1")
    return is_503 and response.json()["code"] == "AUTH_SERVER_UNAVAILABLE" and "set-cookie" not in response.headers


def iso(**ahead: float) -> str:
    """As the auth server writes it, that far from now."""
    time = datetime.now(UTC) + timedelta(**ahead)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def changed(path: str, value: object) -> bytes:
    part, name = path.split(".")
    document: dict[str, Any] = copy.deepcopy(GOOD)
    document[part][name] = value
    if path == "user.id":
        document["session"]["userId"] = value
    return json.dumps(document).encode()


def without(path: str) -> bytes:
    part, name = path.split(".")
    document: dict[str, Any] = copy.deepcopy(GOOD)
    del document[part][name]
    return json.dumps(document).encode()


def spliced(old: str, new: str) -> bytes:
    """Text in the place of text, for what json.dumps would not write."""
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new).encode("utf-8", "surrogatepass")


_NO_TIMES: dict[str, object] = {
    "digits": "4102444800",
    "digits of milliseconds": "4102444800000",
    "a number": 4102444800,
    "a float": 4102444800.5,
    "true": True,
    "empty": "",
    "a word": "soon",
    "a list": [LATER := "2126-01-31T12:00:00.000Z"],
    "without a zone": "2126-01-31T12:00:00.000",
    "another zone": "2126-01-31T12:00:00.000+02:00",
    "UTC as an offset": "2126-01-31T12:00:00.000+00:00",
    "minus zero": "2126-01-31T12:00:00.000-00:00",
    "a small z": "2126-01-31T12:00:00.000z",
    "a blank for the T": "2126-01-31 12:00:00.000Z",
    "seconds": "2126-01-31T12:00:00Z",
    "microseconds": "2126-01-31T12:00:00.000000Z",
    "a comma": "2126-01-31T12:00:00,000Z",
    "a date": "2126-01-31",
    "a week": "2126-W05-4T12:00:00.000Z",
    "basic format": "21260131T120000.000Z",
    "year 0": "0000-01-31T12:00:00.000Z",
    "year 10000": "+010000-01-31T12:00:00.000Z",
    "five digits": "10000-01-31T12:00:00.000Z",
    "month 13": "2126-13-31T12:00:00.000Z",
    "30 February": "2126-02-30T12:00:00.000Z",
    "hour 24": "2126-01-31T24:00:00.000Z",
    "a leap second": "2126-01-31T23:59:60.000Z",
    "other digits": "\u0662\u0661\u0662\u0666-01-31T12:00:00.000Z",
    "blanks around": f" {LATER} ",
    "a line end": f"{LATER}\n",
    "a duration": "PT1H",
    "infinity": "infinity",
    "invalid": "Invalid Date",
    "HTTP's": "Thu, 31 Jan 2126 12:00:00 GMT",
}
TIMES = {
    **{f"expiresAt is {kind}": changed("session.expiresAt", value) for kind, value in _NO_TIMES.items()},
    **{
        f"{path} is {kind}": changed(path, _NO_TIMES[kind])
        for path in (
            *("session.createdAt", "session.updatedAt", "session.refreshAt", "session.secondFactorAt"),
            *("user.createdAt", "user.updatedAt"),
        )
        for kind in ("digits", "a number", "true", "without a zone", "another zone", "seconds", "year 0", "empty")
    },
    "expiresAt is null": changed("session.expiresAt", None),
    "createdAt is null": changed("session.createdAt", None),
    "over since long": changed("session.expiresAt", "2026-02-01T12:00:00.000Z"),
    "over before it began": changed("session.expiresAt", "1970-01-01T00:00:00.000Z"),
    "begins at its end": changed("session.createdAt", LATER),
    "extended after its end": changed("session.refreshAt", "2126-02-01T12:00:00.000Z"),
}

_FROM_NOW = {
    "over since 9 hours": ("session.expiresAt", timedelta(hours=-9)),
    "over since a second": ("session.expiresAt", timedelta(seconds=-1)),
    "begins tomorrow": ("session.createdAt", timedelta(days=1)),
    "begins in ten minutes": ("session.createdAt", timedelta(minutes=10)),
    "made by a clock a little ahead": ("session.createdAt", timedelta(minutes=4)),
}


def from_now(case: str) -> bytes:
    """Made when it is sent: a suite may run for longer than the span that is tried."""
    path, ahead = _FROM_NOW[case]
    return changed(path, iso(seconds=ahead.total_seconds()))


_NO_TEXTS: dict[str, object] = {"a number": 1, "a float": 1.5, "false": False, "a list": ["u1"], "an object": {"a": 1}}
_NO_CHARACTERS = {
    "NUL": "u\0",
    "a bell": "u\a",
    "an escape": "u\x1b[2J",
    "a delete": "u\x7f",
    "a lone surrogate": "u\ud800",
}
_LATE_SURROGATE = {"half a pair": "\udc00u"}
_NO_IDS: dict[str, object] = {
    "empty": "",
    "a blank": " ",
    "with a blank": "u 1",
    "with a line end": "u1\n",
    "with a zero-width space": "u\u200b1",
    "too long": "u" * 256,
}
_PLACES = (
    *("user.id", "user.email", "user.name", "user.image", "user.role"),
    *("session.id", "session.ipAddress", "session.impersonatedBy"),
)
TEXTS = {
    **{f"{path} is {kind}": changed(path, value) for path in _PLACES for kind, value in _NO_TEXTS.items()},
    **{
        f"{path} has {kind}": changed(path, value)
        for path in (*_PLACES, "session.userAgent")
        for kind, value in _NO_CHARACTERS.items()
    },
    **{
        f"{path} is {kind}": changed(path, value)
        for path in ("user.id", "session.id", "user.email", "session.impersonatedBy")
        for kind, value in {**_NO_IDS, "too long": "u" * 400, "with a zero-width space": "u\u0085"}.items()
    },
    **{f"{path} is null": changed(path, None) for path in ("user.id", "user.email", "user.name", "session.id")},
    "a name of 60 kB": changed("user.name", "a" * 60_000),
    "a role of 60 kB": changed("user.role", "a" * 60_000),
    "an address of 60 kB": changed("user.email", "a" * 60_000),
    "an id of 60 kB": changed("user.id", "a" * 60_000),
    "an id with a zero-width space": changed("user.id", "u\u200b1"),
    **{f"emailVerified is {value!r}": changed("user.emailVerified", value) for value in ("true", "false", 1, 0, None)},
    "a session of another user": changed("session.userId", "u2"),
    "a session of the same user in capitals": changed("session.userId", "U1"),
    "a session of a number": changed("session.userId", 1),
}

MISSING = {f"without {part}.{name}": without(f"{part}.{name}") for part in ("session", "user") for name in GOOD[part]}

SHAPES: dict[str, bytes] = {
    "nothing": b"",
    "a blank": b" ",
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a text": b'"u1"',
    "a list": b"[]",
    "a list of it": f"[{TEXT}]".encode(),
    "it as a text": json.dumps(TEXT).encode(),
    "an empty object": b"{}",
    "no user": json.dumps({"session": GOOD["session"]}).encode(),
    "no session": json.dumps({"user": GOOD["user"]}).encode(),
    "user is null": json.dumps({**GOOD, "user": None}).encode(),
    "user is a list": json.dumps({**GOOD, "user": [GOOD["user"]]}).encode(),
    "user is a text": json.dumps({**GOOD, "user": "u1"}).encode(),
    "session is a list": json.dumps({**GOOD, "session": [GOOD["session"]]}).encode(),
    "session is pairs": json.dumps({**GOOD, "session": list(GOOD["session"].items())}).encode(),
    "wrapped": json.dumps({"data": GOOD}).encode(),
    "other case": TEXT.replace('"userId"', '"userid"').encode(),
    "names of another language": TEXT.replace('"userId"', '"user_id"').encode(),
    "an error body": b'{"code":"SESSION_EXPIRED","message":"No."}',
    "an error as well": json.dumps({"code": "SESSION_EXPIRED", "message": "No.", **GOOD}).encode(),
    "NaN in an unknown field": spliced('"session": {', '"more": NaN, "session": {'),
    "Infinity in an unknown field": spliced('"session": {', '"more": Infinity, "session": {'),
    "-Infinity in an unknown field": spliced('"session": {', '"more": [-Infinity], "session": {'),
    "NaN for a time": spliced(f'"expiresAt": "{LATER}"', '"expiresAt": NaN'),
    "the user twice": spliced('"session": {', f'"user": {json.dumps(GOOD["user"])}, "session": {{'),
    "an id twice": spliced('"emailVerified"', '"id": "u1", "emailVerified"'),
    "an unknown name twice": spliced('"session": {', '"a": 1, "a": 1, "session": {'),
    "a name twice, once escaped": spliced(
        '"emailVerified": true', '"emailVerified": true, "email\\u0056erified": true'
    ),
    "a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-32": TEXT.encode("utf-32"),
    "UTF-7": TEXT.encode("utf-7").replace(b"Ada", b"+AEEAZABh-\xff"),
    "Latin-1": spliced('"Ada"', '"Ad\u00e4"').decode().encode("latin-1"),
    "a surrogate in UTF-8": spliced('"Ada"', '"Ad\ud800"'),
    "overlong UTF-8": TEXT.encode().replace(b"Ada", b"\xc1\x81da"),
    "a NUL in a text, as a byte": TEXT.encode().replace(b"Ada", b"A\0a"),
    "a line end in a text, as a byte": TEXT.encode().replace(b"Ada", b"A\na"),
    "a NUL behind it": TEXT.encode() + b"\0",
    "something behind it": TEXT.encode() + b"x",
    "two of it": TEXT.encode() * 2,
    "two lines of it": f"{TEXT}\n{TEXT}".encode(),
    "a comma behind it": TEXT.encode() + b",",
    "a comma too many": TEXT[:-1].encode() + b",}",
    "a comment": b"/* */" + TEXT.encode(),
    "single quotes": TEXT.replace('"', "'").encode(),
    "cut short": TEXT[:-2].encode(),
    "protection against JSON hijacking": b")]}',\n" + TEXT.encode(),
    "nested without end": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a number of 10,000 digits": spliced('"session": {', f'"more": {"9" * 10_000}, "session": {{'),
    "64 KiB and a byte": TEXT.encode() + b" " * (64 * 1024 + 1 - len(TEXT)),
    "a megabyte": json.dumps({**GOOD, "more": "x" * 1_000_000}).encode(),
    "HTML": b"<html><body>200 OK</body></html>",
    "XML": b'<?xml version="1.0"?><user/>',
    "a form": b"user=u1&session=s1",
    "pickle": b"\x80\x04N.",
}

BODIES = {**TIMES, **TEXTS, **MISSING, **SHAPES}

FINE: dict[str, bytes] = {
    "as the auth server writes it": TEXT.encode(),
    "without blanks": json.dumps(GOOD, separators=(",", ":")).encode(),
    "blanks around": b" \r\n\t" + TEXT.encode() + b"\n",
    "fields of a newer auth server": json.dumps(
        {**GOOD, "more": {"a": [1, None]}, "user": {**GOOD["user"], "locale": "de", "banned": False}}
    ).encode(),
    "a name in any script": changed("user.name", "\u0410\u0434\u0430 \U0001f469\u200d\U0001f4bb \u5f20\u4f1f"),
    "a name from an older system": changed("user.name", "Ada\tLovelace\r\n"),
    "no name": changed("user.name", ""),
    "a role, or several": changed("user.role", "user,admin"),
    "no role": changed("user.role", None),
    "an image as data": changed("user.image", "data:image/png;base64," + "A" * 10_000),
    "never extended": changed("session.refreshAt", None),
    "due since long": changed("session.refreshAt", "2026-01-31T12:00:00.000Z"),
    "without end": changed("session.expiresAt", "9999-12-31T23:59:59.999Z"),
    "an id that is an address": changed("user.id", "ada+1@example.com"),
}
