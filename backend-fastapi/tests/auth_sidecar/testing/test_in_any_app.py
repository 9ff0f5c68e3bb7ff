"""Made-up users work in any app and any test, and never in production."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth_sidecar import LifespanNotRun
from auth_sidecar.testing import as_nobody, as_user, auth_server_unavailable
from tests.auth_sidecar.testing.tested_service import blocking
from tests.support.example_service import running


async def test_without_it_an_app_whose_lifespan_does_not_run_lets_nobody_in(app: FastAPI) -> None:
    with as_user(app):
        pass
    transport = httpx.ASGITransport(app)

    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        with pytest.raises(LifespanNotRun):
            await client.get("/me")


@pytest.mark.parametrize("with_lifespan", [True, False])
def test_a_test_that_is_no_coroutine_can_do_it_all(lonely_app: FastAPI, with_lifespan: bool) -> None:
    with blocking(lonely_app, with_lifespan=with_lifespan) as client, as_user(lonely_app, name="Ada") as ada:
        assert client.get("/me").json() == ada.user.id
        with auth_server_unavailable(lonely_app):
            assert client.get("/me").status_code == 503
        ada.sign_out_when_watched()
        assert client.get("/events").text.splitlines() == ["hello Ada", "['signed-out']"]
        assert client.get("/me").json()["code"] == "SESSION_EXPIRED"


class _Stamp:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stamping(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"stamped", b"yes")]
            await send(message)

        await self.app(scope, receive, stamping)


async def test_an_app_may_be_given_middleware_afterwards(app: FastAPI) -> None:
    with as_user(app):
        pass

    app.add_middleware(_Stamp)

    with as_user(app):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
            assert (await client.get("/me")).headers["stamped"] == "yes"


async def test_the_lifespan_may_begin_and_end_within_it_or_around_it(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        with as_user(app) as ada:
            async with running(app):
                assert (await client.get("/me")).json() == ada.user.id
            assert (await client.get("/me")).json() == ada.user.id
        context = as_user(app, id="bob")
        async with running(app):
            context.__enter__()
        assert (await client.get("/me")).json() == "bob"
        context.__exit__(None, None, None)
        with pytest.raises(LifespanNotRun):
            await client.get("/me")


@pytest.mark.parametrize("context", [as_user, as_nobody, auth_server_unavailable])
def test_production_has_none_of_it(
    lonely_app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
    context: Callable[[FastAPI], AbstractContextManager[object]],
) -> None:
    monkeypatch.setenv("APP_ENV", "production")

    with pytest.raises(RuntimeError, match="production"), context(lonely_app):
        pass

    assert lonely_app.middleware_stack is None


def test_the_package_does_not_import_it() -> None:
    code = "import auth_sidecar, json, sys; print(json.dumps(sorted(sys.modules)))"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ourselves

    modules: list[str] = json.loads(printed.stdout)
    assert "auth_sidecar.sidecar" in modules
    assert [name for name in modules if name.startswith("auth_sidecar.testing") or name in ("pytest", "httpx")] == []
