"""Several processes on one port: together they are the service that one would be."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable

import pytest
from psycopg.sql import SQL

from tests.support.database import Database, Server
from tests.support.process import closed, output_of, serving


@pytest.fixture
def two(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "BACKEND_WORKERS": "2"}


async def both_started(process: asyncio.subprocess.Process) -> set[int]:
    """Their pids. One that responds for the service says nothing about the other."""
    assert process.stdout is not None
    for _ in range(2):
        while "Application startup complete." not in (await process.stdout.readline()).decode():
            pass
    return workers_of(process)


def workers_of(process: asyncio.subprocess.Process) -> set[int]:
    columns = ["-A", "-ww", "-o", "pid=,ppid=,stat=,command="]
    listed = subprocess.run(["ps", *columns], capture_output=True, text=True, check=True)  # noqa: S603, S607 - wherever it is
    rows = [line.split(maxsplit=3) for line in listed.stdout.splitlines()]
    return {
        int(pid)
        for pid, parent, state, command in rows
        if int(parent) == process.pid and not state.startswith("Z") and "spawn_main" in command
    }


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


async def test_each_of_two_serves_while_the_other_is_held_up(two: dict[str, str]) -> None:
    async with serving(two, "app") as (process, api):
        for worker in await both_started(process):
            os.kill(worker, signal.SIGSTOP)
            try:
                assert (await api.get("/health/ready")).status_code == 200
            finally:
                os.kill(worker, signal.SIGCONT)


async def test_one_that_dies_is_started_again_and_the_other_serves_meanwhile(two: dict[str, str]) -> None:
    async with serving(two, "app") as (process, api):
        dies, stays = await both_started(process)

        os.kill(dies, signal.SIGKILL)
        await until(lambda: dies not in workers_of(process))
        assert (await api.get("/health/ready")).status_code == 200
        await until(lambda: len(workers_of(process)) == 2)

        assert stays in workers_of(process)


async def test_control_c_in_a_terminal_reaches_all_of_them_and_ends_well(two: dict[str, str]) -> None:
    async with serving(two, "app") as (process, _):
        await both_started(process)
        os.killpg(process.pid, signal.SIGINT)
        lines = await output_of(process)

    assert process.returncode == 0
    assert [line["msg"] for line in lines].count("Application shutdown complete.") == 2


async def test_without_their_supervisor_they_stop_and_let_the_port_go(two: dict[str, str]) -> None:
    async with serving(two, "app") as (process, _):
        await both_started(process)
        process.kill()

        await closed(two["BACKEND_PORT"])
        lines = await output_of(process)

    assert [line["msg"] for line in lines].count("Application shutdown complete.") == 2


async def test_one_that_cannot_be_started_again_as_configured_ends_the_service_with_78(
    two: dict[str, str], postgres: Server
) -> None:
    database: Database = postgres.new_database()
    database.migrate().check_returncode()
    production = {"APP_ENV": "production", "CORS_ORIGIN": "https://app.example.com"}

    async with serving({**two, **production, "BACKEND_DATABASE_URL": database.url}, "app") as (process, _):
        one, _ = await both_started(process)
        with database.admin() as admin:
            admin.execute(SQL("DELETE FROM alembic_version"))
        os.kill(one, signal.SIGKILL)

        await asyncio.wait_for(process.wait(), 30)

    assert process.returncode == 78
