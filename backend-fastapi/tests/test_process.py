"""The service as a real process: it starts, serves, and stops well."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web

from fake_auth_server import INTERNAL_TOKEN, FakeAuthServer
from tests.database import HERE, Database
from tests.sign_up import SignUp


@pytest.fixture
def environment(database: Database, auth_server: FakeAuthServer) -> dict[str, str]:
    return {
        "APP_ENV": "development",
        "BACKEND_DATABASE_URL": database.url,
        "AUTH_SERVER_URL": auth_server.url,
        "INTERNAL_TOKEN": INTERNAL_TOKEN,
        "BACKEND_PORT": str(free_port()),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def serving(
    environment: dict[str, str], *command: str
) -> AsyncGenerator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, cwd=HERE, env=environment, stdout=asyncio.subprocess.PIPE
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{environment['BACKEND_PORT']}") as api:
        try:
            async with asyncio.timeout(20):
                await answering(api)
            yield process, api
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def answering(api: httpx.AsyncClient) -> None:
    while True:
        try:
            if (await api.get("/health/ready")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


async def closed(port: str) -> None:
    """Returns when nobody listens there any more."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.05)


async def output_of(process: asyncio.subprocess.Process) -> list[dict[str, object]]:
    output, _ = await asyncio.wait_for(process.communicate(), 15)
    return [json.loads(line) for line in output.decode().splitlines()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_finishes_what_is_under_way_and_exits_0(
    environment: dict[str, str], auth_server: FakeAuthServer, sign_up: SignUp, number: signal.Signals
) -> None:
    ada = sign_up()
    is_released = asyncio.Event()
    answer_well = auth_server.handle_well

    async def slowly(request: web.Request) -> web.StreamResponse:
        await is_released.wait()
        return await answer_well(request)

    async with serving(environment, "app") as (process, api):
        auth_server.misbehave = slowly
        auth_server.received.clear()
        under_way = asyncio.create_task(api.get("/api/me", headers=ada.bearer))
        await auth_server.asked(1)
        process.send_signal(number)
        await closed(environment["BACKEND_PORT"])
        is_released.set()

        assert (await under_way).status_code == 200
        lines = await output_of(process)
        assert process.returncode == 0
        assert all({"level", "time", "service", "msg"} <= set(line) for line in lines)


async def test_under_plain_uvicorn_it_serves_and_logs_the_same(environment: dict[str, str]) -> None:
    command = ["uvicorn", "app.main:app", "--port", environment["BACKEND_PORT"]]

    async with serving(environment, *command) as (process, api):
        assert (await api.get("/api/me")).json()["code"] == "SESSION_REQUIRED"
        process.terminate()
        lines = await output_of(process)

    requests = [line for line in lines if line["msg"] == "request"]
    assert [line["route"] for line in requests] == ["/api/me"]


async def test_a_taken_port_is_named_with_its_variable(environment: dict[str, str]) -> None:
    async with serving(environment, "app"):
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", cwd=HERE, env=environment, stderr=asyncio.subprocess.PIPE
        )
        _, printed = await second.communicate()

    assert second.returncode == 78
    assert f"BACKEND_PORT: cannot listen on 127.0.0.1:{environment['BACKEND_PORT']}" in printed.decode()
