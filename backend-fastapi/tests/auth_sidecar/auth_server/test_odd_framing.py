"""Framing that is not the auth server's means "don't know", and what it left on a connection is nobody's response."""

import asyncio

import httpx
import pytest

from auth_sidecar import AuthSidecar, SidecarSettings
from tests.auth_sidecar.auth_server.odd_bodies import OK, SENT, is_dont_know
from tests.auth_sidecar.auth_server.odd_framing import BYTES, ENDLESS, FINE_BYTES, NO
from tests.support.example_service import create_service, running
from tests.support.raw_auth_server import RawAuthServer, http, saying


@pytest.mark.parametrize("sent", BYTES)
async def test_odd_framing(raw_client: httpx.AsyncClient, raw: RawAuthServer, sent: str) -> None:
    raw.talk = saying(BYTES[sent])

    assert is_dont_know(await raw_client.get("/reports", headers=SENT))


@pytest.mark.parametrize("sent", FINE_BYTES)
async def test_framing_that_is_fine(raw_client: httpx.AsyncClient, raw: RawAuthServer, sent: str) -> None:
    raw.talk = saying(FINE_BYTES[sent])

    assert (await raw_client.get("/reports", headers=SENT)).status_code == 200


async def test_no_encoding_is_asked_for(raw_client: httpx.AsyncClient, raw: RawAuthServer) -> None:
    raw.talk = saying(http(OK))

    await raw_client.get("/reports", headers={**SENT, "accept-encoding": "gzip, br, zstd"})

    assert b"\r\naccept-encoding: identity\r\n" in raw.heads[0].lower()


async def without_end(writer: asyncio.StreamWriter, piece: bytes) -> None:
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("kind", ENDLESS)
async def test_what_never_ends_is_given_up(settings: SidecarSettings, raw: RawAuthServer, kind: str) -> None:
    begin, piece = ENDLESS[kind]

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await without_end(writer, piece)

    raw.talk = talk
    hasty = settings.model_copy(update={"auth_server_url": raw.url, "sidecar_timeout_seconds": 1})

    async with running(create_service(AuthSidecar(hasty))) as client, asyncio.timeout(10):
        assert is_dont_know(await client.get("/reports", headers=SENT))


@pytest.mark.parametrize("status", ["200 OK", "401 No"])
async def test_a_response_that_nobody_asked_for_is_not_taken_for_the_next_one(
    raw_client: httpx.AsyncClient, raw: RawAuthServer, status: str
) -> None:
    """On a connection that is kept: it would be the one about somebody else."""
    is_late = asyncio.Event()

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(http(OK))
        await writer.drain()
        # The first response is read before this is sent; the connection is idle by then.
        await is_late.wait()
        writer.write(http(OK.replace(b"u1", b"u2") if status.startswith("200") else NO, status=status.encode()))
        await writer.drain()

    raw.talk = talk
    assert (await raw_client.get("/reports", headers=SENT)).json() == {"reportsOf": "u1"}
    raw.talk = saying(http(OK.replace(b"u1", b"u3")))
    is_late.set()
    for _ in range(20):  # turns of the loop, in which what was sent arrives
        await asyncio.sleep(0)

    response = await raw_client.get("/reports", headers=SENT)

    assert response.json() == {"reportsOf": "u3"}
