"""GET /api/connected-service: another service is asked with the user's own token."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from aiohttp import web
from fastapi import FastAPI

from app.main import create_app
from auth_sidecar.testing import as_user
from tests.app.test_openapi import UNUSED


class Service:
    """Another company's API."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = '{"sub": "ada", "name": "Ada Example", "secret": "x"}'
        self.headers: dict[str, str] = {}
        self.authorizations: list[str | None] = []

    async def respond(self, request: web.Request) -> web.Response:
        self.authorizations.append(request.headers.get("authorization"))
        return web.Response(status=self.status, text=self.body, content_type="application/json", headers=self.headers)


@pytest.fixture
async def service() -> Service:
    return Service()


@pytest.fixture
async def app(service: Service) -> AsyncGenerator[FastAPI]:
    server = web.Application()
    server.router.add_get("/me", service.respond)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/me"
    app = create_app(replace(UNUSED, service=UNUSED.service.model_copy(update={"connected_example_url": url})))
    async with app.router.lifespan_context(app):
        yield app
    await runner.cleanup()


async def ask(app: FastAPI) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        return await client.get("/api/connected-service")


async def test_the_user_is_who_they_are_at_the_service(app: FastAPI, service: Service) -> None:
    with as_user(app, connected={"demo": "a-token"}, app_user="unused"):
        response = await ask(app)

    assert (response.status_code, response.json()) == (200, {"sub": "ada", "name": "Ada Example", "email": None})
    assert service.authorizations == ["Bearer a-token"]


async def test_nobody_is_asked_for_somebody_who_has_not_connected_it(app: FastAPI, service: Service) -> None:
    with as_user(app, app_user="unused"):
        response = await ask(app)

    assert (response.status_code, response.json()["code"]) == (409, "SERVICE_NOT_CONNECTED")
    assert service.authorizations == []


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, "{}", (409, "CONNECTION_REVOKED")),
        (403, "{}", (503, "SERVICE_UNAVAILABLE")),
        (500, "{}", (503, "SERVICE_UNAVAILABLE")),
        (200, "<html>", (503, "SERVICE_UNAVAILABLE")),
        (200, "{}", (503, "SERVICE_UNAVAILABLE")),
        (200, '{"sub": 1}', (503, "SERVICE_UNAVAILABLE")),
        (200, '{"sub": "' + "a" * 100_000 + '"}', (503, "SERVICE_UNAVAILABLE")),
    ],
)
async def test_what_the_service_says_is_told_in_the_words_of_this_one(
    app: FastAPI, service: Service, status: int, body: str, expected: tuple[int, str]
) -> None:
    service.status, service.body = status, body
    with as_user(app, connected={"demo": "a-token"}, app_user="unused"):
        response = await ask(app)

    assert (response.status_code, response.json()["code"]) == expected
    assert "a-token" not in response.text


async def test_the_token_follows_no_redirect(app: FastAPI, service: Service) -> None:
    service.status, service.headers = 302, {"location": "/me"}
    with as_user(app, connected={"demo": "a-token"}, app_user="unused"):
        response = await ask(app)

    assert response.json()["code"] == "SERVICE_UNAVAILABLE"
    assert len(service.authorizations) == 1


async def test_without_a_service_there_is_nothing() -> None:
    app = create_app(UNUSED)
    with as_user(app, connected={"demo": "a-token"}, app_user="unused"):
        response = await ask(app)

    assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")
