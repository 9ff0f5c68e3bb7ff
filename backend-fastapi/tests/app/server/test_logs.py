"""What is written down: one line for each request, and nothing that is anybody's secret."""

import io
import json
import logging
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, TypeAlias

import httpx
import pytest
import structlog
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.config import Config
from app.main import create_app
from app.server.log import configure_logging
from app.users.current import CurrentAppUser
from tests.support.fake_auth_server import FakeAuthServer, SignUp, responding

CANARY = "canary-7c1e"

Lines: TypeAlias = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Generator[Lines]:
    """What was logged since it was last asked."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logging("info", stream)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the test's own client writes URLs

    def read() -> list[dict[str, Any]]:
        written = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return [json.loads(line) for line in written.splitlines()]

    yield read
    root.handlers, root.level = handlers, level
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
async def api(config: Config) -> AsyncGenerator[httpx.AsyncClient]:
    """The service with three routes that have a bug."""
    app = create_app(config)
    add_buggy_routes(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://api") as client,
    ):
        yield client


def add_buggy_routes(app: FastAPI) -> None:
    @app.get("/bug")
    async def bug(app_user: CurrentAppUser) -> None:
        raise ValueError(f"{CANARY} {app_user.email}")

    @app.get("/wrapped")
    async def wrapped() -> None:
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error

    @app.get("/half-a-stream")
    async def half_a_stream() -> StreamingResponse:
        async def parts() -> AsyncGenerator[str]:
            yield "half"
            raise RuntimeError(CANARY)

        return StreamingResponse(parts())


class Pieces(io.StringIO):
    """Keeps apart what was written apart."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return len(text)


async def test_a_request_is_one_line_with_pinos_names(api: httpx.AsyncClient, sign_up: SignUp, lines: Lines) -> None:
    ada = sign_up()

    response = await api.delete("/api/notes/00000000-0000-0000-0000-000000000000?token=x", headers=ada.bearer)

    (line,) = lines()
    assert (line.pop("ms") > 0, line.pop("time")[-1]) == (True, "Z")
    assert line == {
        "level": "info",
        "service": "backend",
        "requestId": response.headers["x-request-id"],
        "method": "DELETE",
        "route": "/api/notes/{note_id}",
        "status": 404,
        "code": "NOT_FOUND",
        "msg": "request",
    }


async def test_the_auth_servers_line_has_the_same_request_id(
    api: httpx.AsyncClient, auth_server: FakeAuthServer, sign_up: SignUp, lines: Lines
) -> None:
    ada = sign_up()

    await api.get("/api/me", headers={**ada.bearer, "x-request-id": "bad id"})

    assert auth_server.received[0]["x-request-id"] == lines()[0]["requestId"]


async def test_a_bug_is_a_500_that_is_logged_once_without_any_value(
    api: httpx.AsyncClient, sign_up: SignUp, lines: Lines
) -> None:
    ada = sign_up()

    for path, type_name in (("/bug", "ValueError"), ("/wrapped", "RuntimeError")):
        response = await api.get(path, headers={**ada.bearer, "origin": "http://localhost:3000"})

        assert (response.status_code, response.json()["code"]) == (500, "INTERNAL_ERROR")
        assert response.headers["access-control-allow-origin"] == "http://localhost:3000"
        (line,) = lines()
        assert (line["level"], line["err"]["type"], line["route"]) == ("error", type_name, path)
        assert line["requestId"] == response.headers["x-request-id"]
        assert "test_logs.py" in line["err"]["stack"]
        for text in (json.dumps(line), response.text):
            assert CANARY not in text
            assert ada.email not in text


async def test_a_stream_that_breaks_is_logged(api: httpx.AsyncClient, lines: Lines) -> None:
    await api.get("/half-a-stream")

    (line,) = lines()
    assert (line["route"], line["code"]) == ("/half-a-stream", "INTERNAL_ERROR")


async def test_an_outage_is_logged_with_its_reason(
    api: httpx.AsyncClient, auth_server: FakeAuthServer, lines: Lines
) -> None:
    auth_server.misbehave = responding(502)

    await api.get("/api/me", headers={"authorization": "Bearer x.y"})

    once, request = lines()
    assert once["msg"] == "the auth server cannot be asked: status 502"
    assert (request["level"], request["code"], request["reason"]) == ("error", "AUTH_SERVER_UNAVAILABLE", "status 502")
    assert once["requestId"] == request["requestId"]


async def test_no_line_holds_a_secret_an_address_or_what_was_sent(
    api: httpx.AsyncClient, config: Config, auth_server: FakeAuthServer, sign_up: SignUp, lines: Lines
) -> None:
    ada = sign_up()
    ada.name, ada.email = f"{CANARY}\r\n\x1b[31m", f"{CANARY}@example.com"
    body = json.dumps({"text": CANARY * 300})
    json_type = {"content-type": "application/json"}
    canary_headers = {"user-agent": CANARY, "referer": f"http://x/{CANARY}", "x-request-id": f"{CANARY} "}

    for credential in (ada.bearer, ada.cookie, {"authorization": f"Bearer {CANARY}.x"}, {"cookie": f"x={CANARY}"}):
        for path in ("/api/me", f"/api/notes?cursor={CANARY}", f"/{CANARY}", f"/api/notes/{CANARY}", "/bug"):
            await api.get(path, headers={**credential, **canary_headers})
        await api.post("/api/notes", headers={**credential, **json_type}, content=body)
        await api.post("/api/notes", headers={**credential, **json_type}, content=body[:-5])
        await api.post(f"/api/notes?{CANARY}", headers={**credential, "content-type": CANARY}, content=body)
    auth_server.misbehave = responding(200, f'{{"{CANARY}": "{CANARY}"}}')
    await api.get("/api/me", headers=ada.bearer)

    written = json.dumps(lines())
    for secret in (CANARY, ada.token, ada.email, config.sidecar.internal_token.get_secret_value()):
        assert secret not in written
    assert config.database.backend_database_url.get_secret_value() not in written


def test_lines_of_libraries_look_the_same(lines: Lines) -> None:
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("it broke")
    logging.getLogger("uvicorn.access").info("GET /api/me?token=x")

    (line,) = lines()
    assert (line["level"], line["msg"], line["err"]["type"]) == ("error", "it broke", "ValueError")
    assert CANARY not in json.dumps(line)


def test_a_line_is_written_as_one_piece_so_that_those_of_several_workers_never_mix(lines: Lines) -> None:
    stream = Pieces()
    configure_logging("info", stream)

    structlog.get_logger().info("ours")
    logging.getLogger("uvicorn.error").info("a library's")

    assert [json.loads(piece)["msg"] for piece in stream.pieces] == ["ours", "a library's"]
    assert all(piece.endswith("\n") for piece in stream.pieces)
    assert lines() == []
