"""What is not exactly a response of the auth server means "don't know": 503, and never 200, 401 or 500."""

import json

import httpx
import pytest

from tests.auth_sidecar.auth_server.odd_bodies import BODIES, FINE, GOOD, OK, SENT, from_now, is_dont_know
from tests.support.fake_auth_server import COOKIE
from tests.support.raw_auth_server import RawAuthServer, Talk, http, saying

NO = b'{"code":"SESSION_EXPIRED","message":"No."}'


@pytest.mark.parametrize("body", BODIES)
async def test_a_200_with_an_odd_body(raw_client: httpx.AsyncClient, raw: RawAuthServer, body: str) -> None:
    raw.talk = saying(http(BODIES[body], f"Set-Cookie: {COOKIE}=t1.c2ln; Path=/; HttpOnly".encode()))

    assert is_dont_know(await raw_client.get("/reports", headers=SENT))


@pytest.mark.parametrize("body", FINE)
async def test_a_200_that_is_fine(raw_client: httpx.AsyncClient, raw: RawAuthServer, body: str) -> None:
    raw.talk = saying(http(FINE[body]))

    response = await raw_client.get("/reports", headers=SENT)

    assert (response.status_code, response.json()) == (200, {"reportsOf": json.loads(FINE[body])["user"]["id"]})


@pytest.mark.parametrize(
    "case", ["over since 9 hours", "over since a second", "begins tomorrow", "begins in ten minutes"]
)
async def test_a_200_with_an_odd_time(raw_client: httpx.AsyncClient, raw: RawAuthServer, case: str) -> None:
    raw.talk = saying(http(from_now(case), f"Set-Cookie: {COOKIE}=t1.c2ln; Path=/; HttpOnly".encode()))

    assert is_dont_know(await raw_client.get("/reports", headers=SENT))


async def test_a_clock_may_be_a_little_ahead(raw_client: httpx.AsyncClient, raw: RawAuthServer) -> None:
    raw.talk = saying(http(from_now("made by a clock a little ahead")))

    assert (await raw_client.get("/reports", headers=SENT)).status_code == 200


REFUSALS: dict[str, bytes] = {
    "no code": b'{"message":"No."}',
    "no message": b'{"code":"SESSION_EXPIRED"}',
    "message is null": b'{"code":"SESSION_EXPIRED","message":null}',
    "code is null": b'{"code":null,"message":"No."}',
    "code is a number": b'{"code":401,"message":"No."}',
    "code is a list": b'{"code":["SESSION_EXPIRED"],"message":"No."}',
    "better-auth's own, while its database is down": b'{"code":"UNAUTHORIZED","message":"Unauthorized"}',
    "of another server": b'{"code":"TOKEN_EXPIRED","message":"No.","status":401}',
    "a strange code": b'{"code":"<script>","message":"No."}',
    "in small letters": b'{"code":"session_expired","message":"No."}',
    "a blank behind the code": b'{"code":"SESSION_EXPIRED ","message":"No."}',
    "a code twice": b'{"code":"INVALID_TOKEN","code":"SESSION_EXPIRED","message":"No."}',
    "an identity": OK,
    "an identity as well": json.dumps({"code": "SESSION_EXPIRED", "message": "No.", **GOOD}).encode(),
    "a user as well": json.dumps({"code": "SESSION_EXPIRED", "message": "No.", "user": None}).encode(),
    "a list": b"[" + NO + b"]",
    "null": b"null",
    "nothing": b"",
    "NaN": b'{"code":"SESSION_EXPIRED","message":"No.","more":NaN}',
    "a byte order mark": b"\xef\xbb\xbf" + NO,
    "UTF-16": NO.decode().encode("utf-16"),
    "two of it": NO * 2,
    "cut short": NO[:-1],
    "FastAPI's": b'{"detail":"Not authenticated"}',
    "a problem document": b'{"type":"about:blank","title":"Unauthorized","status":401}',
    "OAuth's": b'{"error":"invalid_token"}',
}


@pytest.mark.parametrize("body", REFUSALS)
@pytest.mark.parametrize("path", ["/reports", "/hello"])
async def test_a_401_with_an_odd_body(raw_client: httpx.AsyncClient, raw: RawAuthServer, body: str, path: str) -> None:
    raw.talk = saying(http(REFUSALS[body], status=b"401 Unauthorized"))

    assert is_dont_know(await raw_client.get(path, headers=SENT))


@pytest.mark.parametrize(
    "code", ["SESSION_REQUIRED", "INVALID_TOKEN", "SESSION_EXPIRED", "BANNED_USER", "FROM_A_NEWER_VERSION"]
)
async def test_a_401_that_is_fine(raw_client: httpx.AsyncClient, raw: RawAuthServer, code: str) -> None:
    body = json.dumps({"code": code, "message": "No."}).encode()
    raw.talk = saying(http(body, status=b"401 Unauthorized"))

    response = await raw_client.get("/reports", headers=SENT)

    assert (response.status_code, response.json()["code"]) == (401, code)


def renewing(cookie: bytes) -> Talk:
    return saying(http(OK, b"Set-Cookie: " + cookie))


RIGHT = f"{COOKIE}=t1.c2ln".encode()
COOKIES: dict[str, bytes] = {
    "another name": b"session=t1.c2ln; Path=/; HttpOnly",
    "better-auth's cache": b"better-auth.session_data=t1.c2ln; Path=/; HttpOnly",
    "a longer name": b"x" + RIGHT + b"; Path=/; HttpOnly",
    "another session": f"{COOKIE}=t2.c2ln; Path=/; HttpOnly".encode(),
    "an empty value": f"{COOKIE}=; Path=/; HttpOnly".encode(),
    "a domain": RIGHT + b"; Domain=example.com; Path=/; HttpOnly",
    "another path": RIGHT + b"; Path=/admin; HttpOnly",
    "readable by scripts": RIGHT + b"; Path=/",
    "an unknown attribute": RIGHT + b"; Path=/; HttpOnly; Priority=High",
    "a comma": RIGHT + b"; Path=/; HttpOnly, theme=dark",
    "no ASCII": RIGHT + b"; Path=/; HttpOnly; x=\xe4",
    "a long one": RIGHT + b"x" * 5000 + b"; Path=/; HttpOnly",
    "a tab": RIGHT + b";\tPath=/; HttpOnly",
}


@pytest.mark.parametrize("cookie", COOKIES)
async def test_an_odd_cookie_never_reaches_the_browser(
    raw_client: httpx.AsyncClient, raw: RawAuthServer, cookie: str
) -> None:
    raw.talk = renewing(COOKIES[cookie])

    response = await raw_client.get("/reports", headers=SENT)

    assert (response.status_code, response.headers.get("set-cookie")) == (200, None)


@pytest.mark.parametrize(
    "cookie",
    [
        RIGHT + b"; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax",
        b"__Secure-" + RIGHT + b"; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax",
        f"{COOKIE}=t1%2Ec2ln; Path=/; HttpOnly".encode(),
    ],
)
async def test_a_renewed_cookie_of_this_session_does(
    raw_client: httpx.AsyncClient, raw: RawAuthServer, cookie: bytes
) -> None:
    raw.talk = saying(http(OK, b"Set-Cookie: a=b", b"Set-Cookie: " + cookie, b"Set-Cookie: " + cookie))

    assert (await raw_client.get("/reports", headers=SENT)).headers.get_list("set-cookie") == [cookie.decode()]
