"""A service with auth_sidecar on whatever FastAPI is installed here: as it is, and without each of its insides.

Imports what auth_sidecar's own tests use. Prints which FastAPI it is, what was expected, and for each case what it
returned, which routes were fast and what was said.
"""

import asyncio
import json
from contextlib import ExitStack

import fastapi
import starlette
from auth_sidecar import SidecarSettings
from pydantic import SecretStr
from tests.auth_sidecar.requests.hidden_insides import INSIDES, class_named, hidden
from tests.auth_sidecar.requests.observed_service import EXPECTED, observe
from tests.support.example_service import ORIGIN
from tests.support.fake_auth_server import INTERNAL_TOKEN, FakeAuthServer, serve


async def main() -> None:
    seen = {}
    here = [inside for inside in INSIDES if inside[0] == "fastapi.routing" or class_named(inside[0])]
    for inside in (None, *here):
        with ExitStack() as stack:
            if inside is not None:
                stack.enter_context(hidden(*inside))
            async with serve(FakeAuthServer()) as server:
                settings = SidecarSettings(
                    auth_server_url=server.url,
                    internal_token=SecretStr(INTERNAL_TOKEN),
                    cors_origin=(ORIGIN,),
                    sidecar_timeout_seconds=10,  # a busy machine is no outage
                )
                seen[".".join(inside or ("all",))] = await observe(server, settings)
    versions = {"fastapi": fastapi.__version__, "starlette": starlette.__version__}
    print(json.dumps({**versions, "expected": EXPECTED, "seen": seen}))


asyncio.run(main())
