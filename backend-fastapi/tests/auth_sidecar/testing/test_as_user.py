"""auth_sidecar.testing: made-up users are signed in as real ones are, without an auth server."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from auth_sidecar import AuthSidecar, SidecarSettings, User
from auth_sidecar.testing import as_nobody, as_user
from tests.auth_sidecar.testing.tested_service import create_service
from tests.support.example_service import ORIGIN, running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser


async def test_requests_are_the_made_up_users(
    app: FastAPI, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    with as_user(app, id="ada", name="Ada") as ada:
        assert (await client.get("/me")).json() == ada.user.id == "ada"
        assert (await client.post("/me")).json() == "ada"
        assert (await client.get("/plain-function")).json() == "ada"
        response = await client.get("/home")

    assert (response.json(), response.headers["cache-control"]) == ("Ada", "private, no-store")
    assert auth_server.received == []


async def test_the_user_is_gone_with_the_context(app: FastAPI, auth: AuthSidecar) -> None:
    async with running(app) as client:
        with as_user(app) as ada:
            assert (await client.get("/me")).status_code == 200

        assert (await client.get("/me")).json()["code"] == "SESSION_REQUIRED"
        assert (await client.get("/me", headers=ada.bearer)).json()["code"] == "INVALID_TOKEN"
        assert auth.metrics().cache_entries == 0


async def test_the_users_of_the_auth_server_are_back_afterwards(app: FastAPI, auth_server: FakeAuthServer) -> None:
    bob = auth_server.sign_in(FakeUser())
    async with running(app) as client:
        with as_user(app):
            assert (await client.get("/me", headers=bob.bearer)).json()["code"] == "INVALID_TOKEN"
        assert (await client.get("/me", headers=bob.bearer)).json() == bob.id


async def test_a_user_has_what_the_test_says(app: FastAPI, client: httpx.AsyncClient) -> None:
    codes = {
        "/verified": "EMAIL_NOT_VERIFIED",
        "/fresh": "SESSION_NOT_FRESH",
        "/second-factor": "SECOND_FACTOR_REQUIRED",
    }

    with as_user(app):
        by_default = {path: (await client.get(path)).json() for path in codes}
    with as_user(app, second_factor=True):
        assert (await client.get("/second-factor")).json() == "yes"
    with as_user(app, verified=False, signed_in_ago=timedelta(hours=2)):
        lacking = {path: (await client.get(path)).json()["code"] for path in codes}
    with as_user(app, impersonated_by="root"):
        assert (await client.get("/fresh")).json()["code"] == "SESSION_NOT_FRESH"

    assert (by_default["/verified"], by_default["/fresh"]) == ("yes", "yes")
    assert by_default["/second-factor"]["code"] == "SECOND_FACTOR_REQUIRED"
    assert lacking == codes


async def test_several_users_act_in_one_test(app: FastAPI, client: httpx.AsyncClient) -> None:
    with as_user(app) as ada, as_user(app) as bob:
        assert ada.user.id != bob.user.id
        assert ada.user.email != bob.user.email
        assert (await client.get("/me")).json() == bob.user.id
        assert (await client.get("/me", headers=ada.bearer)).json() == ada.user.id
        assert (await client.get("/me", headers=ada.cookie)).json() == ada.user.id
        assert (await client.get("/me", headers={**ada.bearer, **ada.cookie})).json() == ada.user.id
        both = await client.get("/me", headers={**ada.bearer, **bob.cookie})
        assert (both.status_code, both.json()["code"]) == (401, "INVALID_TOKEN")
        with as_nobody(app):
            assert (await client.get("/me")).json()["code"] == "SESSION_REQUIRED"
            with as_user(app, id="eve"):
                assert (await client.get("/me")).json() == "eve"
            assert (await client.get("/home")).json() == "guest"
            assert (await client.get("/me", headers=ada.bearer)).json() == ada.user.id
        assert (await client.get("/me")).json() == bob.user.id


async def test_each_app_has_users_of_its_own(app: FastAPI, settings: SidecarSettings) -> None:
    other = create_service(AuthSidecar(settings))

    async with running(other) as client:
        with as_user(app) as ada:
            assert (await client.get("/me")).status_code == 401
            with as_nobody(other):
                assert (await client.get("/me", headers=ada.bearer)).json()["code"] == "INVALID_TOKEN"


async def test_a_cookie_needs_an_origin_as_in_production(app: FastAPI) -> None:
    async with running(app) as client:
        with as_user(app) as ada:
            assert (await client.post("/me", headers=ada.cookie)).json()["code"] == "MISSING_OR_NULL_ORIGIN"
            foreign = {**ada.cookie, "origin": "https://evil.example"}
            assert (await client.post("/me", headers=foreign)).json()["code"] == "INVALID_ORIGIN"
            assert (await client.post("/me", headers={**ada.cookie, "origin": ORIGIN})).json() == ada.user.id


async def test_the_services_own_record_is_loaded_or_given(settings: SidecarSettings) -> None:
    loaded: list[str] = []

    async def load(user: User) -> str:
        loaded.append(user.id)
        if user.name == "Broken":
            raise ZeroDivisionError
        return f"app user of {user.name}"

    app = create_service(AuthSidecar(settings, load_app_user=load))
    async with running(app) as client:
        with as_user(app, name="Ada") as ada:
            assert (await client.get("/app-user")).json() == "app user of Ada"
        with as_user(app, name="Bob", app_user={"plan": "free"}):
            assert (await client.get("/app-user")).json() == {"plan": "free"}
        with as_user(app, name="Broken"):
            assert (await client.get("/app-user")).status_code == 500
    with as_user(app, app_user="given"):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            assert (await client.get("/app-user")).json() == "given"

    assert loaded[0] == ada.user.id
    assert len(loaded) == 2


def test_a_user_that_cannot_be_is_refused(lonely_app: FastAPI) -> None:
    with pytest.raises(ValidationError), as_user(lonely_app, email="not an address"):
        pass
