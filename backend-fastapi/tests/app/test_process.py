"""The service as a real process: it starts, serves, and stops well."""

import asyncio
import signal
import sys

import pytest
from aiohttp import web

from tests.support.database import HERE
from tests.support.fake_auth_server import FakeAuthServer, SignUp
from tests.support.process import closed, output_of, serving


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_finishes_what_is_under_way_and_exits_0(
    environment: dict[str, str], auth_server: FakeAuthServer, sign_up: SignUp, number: signal.Signals, workers: str
) -> None:
    ada = sign_up()
    is_released = asyncio.Event()
    respond_well = auth_server.handle_well

    async def slowly(request: web.Request) -> web.StreamResponse:
        await is_released.wait()
        return await respond_well(request)

    # The check has to outlast what workers take to stop listening.
    settings = {"BACKEND_WORKERS": workers, "SIDECAR_TIMEOUT_SECONDS": "30"}
    async with serving({**environment, **settings}, "app") as (process, api):
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


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_after_sigterm_it_is_not_ready_and_serves_until_a_balancer_has_noticed(
    environment: dict[str, str], sign_up: SignUp, workers: str
) -> None:
    ada = sign_up()
    settings = {"BACKEND_WORKERS": workers, "SHUTDOWN_DELAY_SECONDS": "6"}
    async with serving({**environment, **settings}, "app") as (process, api):
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            while (refused := await api.get("/health/ready")).status_code == 200:
                pass

        assert (refused.status_code, refused.json()["code"]) == (503, "SHUTTING_DOWN")
        assert (await api.get("/health/live")).status_code == 200
        assert (await api.get("/api/me", headers=ada.bearer)).status_code == 200
        await closed(environment["BACKEND_PORT"])
        await output_of(process)
        assert process.returncode == 0


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_ctrl_c_waits_for_no_balancer(environment: dict[str, str], workers: str) -> None:
    settings = {"BACKEND_WORKERS": workers, "SHUTDOWN_DELAY_SECONDS": "60"}
    async with serving({**environment, **settings}, "app") as (process, _):
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        await output_of(process)
        assert process.returncode == 0


async def test_under_plain_uvicorn_it_serves_and_logs_the_same(environment: dict[str, str]) -> None:
    command = ["uvicorn", "app.asgi:app", "--port", environment["BACKEND_PORT"]]

    async with serving({**environment, "LOG_LEVEL": "info"}, *command) as (process, api):
        assert (await api.get("/api/me")).json()["code"] == "SESSION_REQUIRED"
        process.terminate()
        lines = await output_of(process)

    requests = [line for line in lines if line["msg"] == "request"]
    assert [line["route"] for line in requests] == ["/api/me"]


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_taken_port_is_named_with_its_variable(environment: dict[str, str], workers: str) -> None:
    async with serving(environment, "app"):
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app"),
            cwd=HERE,
            env={**environment, "BACKEND_WORKERS": workers},
            stderr=asyncio.subprocess.PIPE,
        )
        _, printed = await second.communicate()

    assert second.returncode == 78
    assert f"BACKEND_PORT: cannot listen on 127.0.0.1:{environment['BACKEND_PORT']}" in printed.decode()
