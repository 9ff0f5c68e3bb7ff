"""What a service with every kind of route responds, and which of its routes took the fast path."""

import logging
import sys
import warnings
from types import FrameType
from typing import Any, Self

import httpx
from fastapi import FastAPI
from starlette.routing import Mount

from auth_sidecar import AuthSidecar, Guard, SidecarSettings, User
from auth_sidecar.requests.dependencies import current_app_user, current_user
from tests.auth_sidecar.requests.routed_service import create_service
from tests.support.example_service import running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, reset

OWN = ("/user", "/mounted/user", "/several", "/app-user", "/required", "/lacking")
INCLUDED = ("/router/user", "/router/required")
_OTHERS = ("/behind", "/plain-function", "/partial", "/nested", "/optional", "/typed/7", "/typed/seven", "/loud")


_SOLVED = [check.__code__ for check in (current_user, current_app_user, Guard.__call__)]


class Observed:
    """Which of our dependencies FastAPI called, and what auth_sidecar said to an operator."""

    def __init__(self) -> None:
        self.solved = 0
        self.said: list[str] = []
        self._warnings = warnings.catch_warnings(record=True)
        self._handler = logging.Handler(logging.WARNING)
        self._handler.emit = lambda record: self.said.append(record.getMessage())

    def __enter__(self) -> Self:
        self._seen = self._warnings.__enter__()
        warnings.simplefilter("always")
        logging.getLogger().addHandler(self._handler)
        sys.setprofile(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        logging.getLogger().removeHandler(self._handler)
        self._warnings.__exit__(None, None, None)
        self.said += [str(one.message) for one in self._seen or () if "auth_sidecar" in one.filename]

    def _count(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in _SOLVED:
            self.solved += 1


async def load_app_user(user: User) -> str:
    return f"app user of {user.id}"


async def observe(auth_server: FakeAuthServer, settings: SidecarSettings) -> dict[str, Any]:
    """Starts the service, calls every route in every state of the session, and stops it."""
    auth_server.misbehave = None
    ada = auth_server.sign_in(FakeUser(id="ada"))
    fast: list[str] = []
    with Observed() as all_of_it:
        app = create_service(AuthSidecar(settings, load_app_user=load_app_user))
    async with running(app) as client:
        with Observed() as at_first:
            nobody = await _statuses(client, {})
        signed_in: dict[str, Any] = {}
        said = all_of_it.said + at_first.said
        for path in (*OWN, *INCLUDED, *_OTHERS):
            with Observed() as observed:
                response = await client.get(path, headers=ada.bearer)
            signed_in[path] = response.json() if response.is_success else response.status_code
            said += observed.said
            if observed.solved == 0 and path in (*OWN, *INCLUDED):
                fast.append(path)
        teapot = (await client.get("/behind", headers={"teapot": "yes"})).status_code
        overridden = await _overridden(app, client)
        await auth_server.sign_out(ada)
        signed_out = await _statuses(client, ada.bearer)
        auth_server.misbehave = reset
        unknown = await _statuses(client, FakeUser().bearer)
    responses = {
        "nobody": nobody,
        "signed in": signed_in,
        "in front of the check": teapot,
        "overridden": overridden,
        "signed out": signed_out,
        "don't know": unknown,
    }
    return {"responses": responses, "fast": fast, "said": said}


async def _statuses(client: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, int]:
    return {path: (await client.get(path, headers=headers)).status_code for path in (*OWN, *INCLUDED, *_OTHERS)}


async def _overridden(app: FastAPI, client: httpx.AsyncClient) -> list[int]:
    """A test of the service replaces the user: of its own routes, of included ones, and of a mounted app."""
    mounted = next(route.app for route in app.routes if isinstance(route, Mount))
    assert isinstance(mounted, FastAPI)
    for one in (app, mounted):
        one.dependency_overrides[current_user] = lambda: User.model_construct(id="eve")
    responses = [await client.get(path) for path in ("/user", "/router/user", "/mounted/user")]
    for one in (app, mounted):
        one.dependency_overrides.clear()
    return [response.json() for response in responses]


_REFUSED = dict.fromkeys((*OWN, *INCLUDED, *_OTHERS), 401)
# An optional user may be nobody only where no token was sent; the loud route responds with a redirect of its own.
EXPECTED: dict[str, Any] = {
    "nobody": {**_REFUSED, "/optional": 200, "/loud": 307},
    "signed in": {
        **dict.fromkeys(("/user", "/mounted/user", "/router/user", "/behind", "/plain-function"), "ada"),
        "/several": ["ada", "session-of-ada", "/several"],
        "/app-user": "app user of ada",
        "/required": "ada",
        "/router/required": "ada",
        "/lacking": 403,
        "/partial": "ada",
        "/nested": "Ada",
        "/optional": False,
        "/typed/7": [7, "ada"],
        "/typed/seven": 422,
        "/loud": "ada",
    },
    "in front of the check": 418,
    "overridden": ["eve", "eve", "eve"],
    "signed out": {**_REFUSED, "/loud": 307},
    "don't know": {**dict.fromkeys(_REFUSED, 503), "/loud": 307},
}
