"""The service as a real process."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from tests.support.database import HERE


@asynccontextmanager
async def serving(
    environment: dict[str, str], *command: str
) -> AsyncGenerator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    """Leads a process group of its own, as in a terminal. The client keeps no connection."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *command,
        cwd=HERE,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{environment['BACKEND_PORT']}"
    async with httpx.AsyncClient(base_url=address, headers={"connection": "close"}, timeout=30) as api:
        try:
            async with asyncio.timeout(60):
                await wait_until_ready(api)
            yield process, api
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def wait_until_ready(api: httpx.AsyncClient) -> None:
    while True:
        try:
            if (await api.get("/health/ready")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


async def closed(port: str) -> None:
    """Returns when nobody listens there any more."""
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.05)


async def output_of(process: asyncio.subprocess.Process) -> list[dict[str, object]]:
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    return [json.loads(line) for line in output.decode().splitlines()]
