"""When it cannot be known who this is: 503, soon, and never 401 or 200."""

import asyncio
import json
from collections.abc import AsyncGenerator

import httpx
import pytest
from aiohttp import web
from pydantic import SecretStr

from auth_sidecar import AuthServerUnavailable, AuthSidecar, SidecarSettings
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, Handler, hang, reset, responding, serve

GOOD = FakeUser(id="u1").as_json()


def without(path: str) -> str:
    part, name = path.split(".")
    return json.dumps({**GOOD, part: {key: value for key, value in GOOD[part].items() if key != name}})


def with_value(path: str, value: object) -> str:
    part, name = path.split(".")
    return json.dumps({**GOOD, part: {**GOOD[part], name: value}})


async def drip(request: web.Request) -> web.StreamResponse:
    """Begins a response and never ends it."""
    response = web.StreamResponse(headers={"content-type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.05)


WRONG: dict[str, Handler] = {
    "forbidden": responding(403, '{"code":"INTERNAL_TOKEN_REQUIRED","message":""}'),
    "not found": responding(404, '{"code":"NOT_FOUND","message":""}'),
    "too many requests": responding(429, "{}"),
    "server error": responding(500, "{}"),
    "bad gateway": responding(502, "<html>"),
    "database unavailable": responding(503, '{"code":"DATABASE_UNAVAILABLE","message":""}'),
    "no content": responding(204),
    "redirect": responding(302, "", location="http://127.0.0.1:9/"),
    "empty 200": responding(200),
    "null": responding(200, "null"),
    "list": responding(200, "[]"),
    "no user": responding(200, json.dumps({"session": GOOD["session"]})),
    "null session": responding(200, json.dumps({**GOOD, "session": None})),
    "user without id": responding(200, without("user.id")),
    "empty id": responding(200, with_value("user.id", "")),
    "number as id": responding(200, with_value("user.id", 1)),
    "text as flag": responding(200, with_value("user.emailVerified", "yes")),
    "no date": responding(200, with_value("session.expiresAt", "soon")),
    "date without zone": responding(200, with_value("session.expiresAt", "2026-01-31T12:00:00")),
    "session of another user": responding(200, with_value("session.userId", "u2")),
    "truncated": responding(200, json.dumps(GOOD)[:-2]),
    "not UTF-8": responding(200, json.dumps(GOOD) + "\udcff".encode("utf-8", "surrogatepass").decode("latin-1")),
    "html 200": responding(200, "<html>", **{"content-type": "text/html"}),
    "json as text": responding(200, json.dumps(GOOD), **{"content-type": "text/plain"}),
    "huge": responding(200, json.dumps({**GOOD, "padding": "x" * 100_000})),
    "401 of a proxy": responding(401, "<html>", **{"content-type": "text/html"}),
    "401 without code": responding(401, '{"message":"no"}'),
    "401 with a strange code": responding(401, '{"code":"<script>","message":"no"}'),
    "hang": hang,
    "drip": drip,
    "packed": responding(200, json.dumps(GOOD).encode("utf-16").decode("latin-1"), **{"content-encoding": "gzip"}),
    "reset": reset,
}


@pytest.fixture
async def hasty_client(settings: SidecarSettings) -> AsyncGenerator[httpx.AsyncClient]:
    """Of a service that does not wait for long."""
    hasty = settings.model_copy(update={"sidecar_timeout_seconds": 0.3})
    async with running(create_service(AuthSidecar(hasty))) as client:
        yield client


@pytest.mark.parametrize("path", ["/reports", "/hello"])
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_response_of_any_other_kind_means_dont_know(
    hasty_client: httpx.AsyncClient, auth_server: FakeAuthServer, wrong: str, path: str
) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth_server.misbehave = WRONG[wrong]

    async with asyncio.timeout(5):
        response = await hasty_client.get(path, headers=ada.cookie)

    assert (response.status_code, response.json()["code"]) == (503, "AUTH_SERVER_UNAVAILABLE")
    assert response.headers["retry-after"] == "1"
    assert "set-cookie" not in response.headers


RAW = {
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
    "endless head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    "bad chunk": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
}


@pytest.mark.parametrize("bytes_sent", RAW)
async def test_bytes_that_are_no_response_mean_dont_know(settings: SidecarSettings, bytes_sent: str) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(RAW[bytes_sent])
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        auth = AuthSidecar(settings.model_copy(update={"auth_server_url": url}))
        async with running(create_service(auth)) as client:
            response = await client.get("/reports", headers={"authorization": "Bearer x.y"})

    assert (response.status_code, response.json()["code"]) == (503, "AUTH_SERVER_UNAVAILABLE")


async def test_an_auth_server_that_is_down_means_dont_know_and_its_return_is_noticed(
    settings: SidecarSettings,
) -> None:
    async with serve(FakeAuthServer()) as first:
        port = int(first.url.rsplit(":", 1)[1])
        ada = first.sign_in(FakeUser())
        service = create_service(AuthSidecar(settings.model_copy(update={"auth_server_url": first.url})))
        lifespan = running(service)
        client = await lifespan.__aenter__()
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 503

    second = FakeAuthServer()
    second.sign_in(ada)
    async with serve(second, port):
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200
    await lifespan.__aexit__(None, None, None)


async def test_a_kept_connection_that_was_closed_costs_no_error(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    assert (await client.get("/reports", headers=ada.bearer)).status_code == 200

    async def reset_once(request: web.Request) -> web.StreamResponse:
        auth_server.misbehave = None
        return await reset(request)

    auth_server.misbehave = reset_once

    assert (await client.get("/reports", headers=ada.bearer)).status_code == 200


async def test_a_redirect_takes_the_internal_token_nowhere(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    async with serve(FakeAuthServer()) as elsewhere:
        auth_server.misbehave = responding(307, "", location=f"{elsewhere.url}/internal/session")

        response = await client.get("/reports", headers={"authorization": "Bearer x.y"})

        assert response.status_code == 503
        assert elsewhere.received == []


async def test_no_proxy_is_taken_from_the_environment(
    settings: SidecarSettings, auth_server: FakeAuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = auth_server.sign_in(FakeUser())
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async with running(create_service(AuthSidecar(settings))) as client:
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200


async def test_readiness_tells_a_wrong_internal_token(settings: SidecarSettings) -> None:
    wrong = settings.model_copy(update={"internal_token": SecretStr("wrong" * 8)})
    right_one, wrong_one = AuthSidecar(settings), AuthSidecar(wrong)

    async with running(create_service(right_one)), running(create_service(wrong_one)):
        await right_one.check()
        with pytest.raises(AuthServerUnavailable) as raised:
            await wrong_one.check()

    assert raised.value.reason == "status 403: INTERNAL_TOKEN is not the one that the auth server has"


async def test_an_outage_is_logged_once_with_its_reason_and_so_is_its_end(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    ada = auth_server.sign_in(FakeUser())
    auth_server.misbehave = responding(502)
    for _ in range(3):
        await client.get("/reports", headers=ada.bearer)
    auth_server.misbehave = None
    for _ in range(3):
        await client.get("/reports", headers=ada.bearer)

    lines = [record.getMessage() for record in caplog.records if record.name == "auth_sidecar"]

    assert lines == ["the auth server cannot be asked: status 502", "the auth server responds again"]
