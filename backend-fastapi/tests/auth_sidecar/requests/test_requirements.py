"""What require() can require, one by one and together."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import httpx
import pytest

from auth_sidecar import AuthSidecar, require
from auth_sidecar.requirements import FreshSignIn, SecondFactor
from tests.auth_sidecar.auth_server.odd_bodies import iso
from tests.auth_sidecar.requests.guarded_service import Role, create_service
from tests.support.example_service import running
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import DEADLINE_SECONDS, warm


@pytest.fixture
async def client(auth: AuthSidecar) -> AsyncGenerator[httpx.AsyncClient]:
    async with running(create_service(auth)) as client:
        yield client


@pytest.mark.parametrize(("age", "status"), [(-0.5, 200), (0, 200), (9.9, 200), (10.1, 403), (60 * 24 * 6, 403)])
async def test_a_sign_in_is_fresh_for_as_long_as_was_said(
    client: httpx.AsyncClient, auth_server: FakeAuthServer, age: float, status: int
) -> None:
    """A negative age: the auth server's clock is a little ahead of ours."""
    ada = auth_server.sign_in(FakeUser(signed_in_at=iso(minutes=-age)))

    response = await client.get("/fresh", headers=ada.bearer)

    assert response.status_code == status
    assert status == 200 or response.json() == {"code": "SESSION_NOT_FRESH", "message": "Sign in again to do this."}


async def test_a_cached_session_gets_older(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser(signed_in_at=iso()))
    await warm(auth, client, ada.bearer, "/nothing")

    async with asyncio.timeout(DEADLINE_SECONDS):
        while (await client.get("/fresh-for-a-moment", headers=ada.bearer)).status_code == 200:
            pass

    assert (await client.get("/fresh", headers=ada.bearer)).json() == ada.id


async def test_an_administrator_who_acts_as_a_user_has_not_signed_in_as_them(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser(signed_in_at=iso(), impersonated_by="root"))

    assert (await client.get("/fresh", headers=ada.bearer)).json()["code"] == "SESSION_NOT_FRESH"
    assert (await client.get("/route", headers=ada.bearer)).json() == ada.id


async def test_a_session_without_a_second_factor_is_refused_where_one_is_required(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    without, with_one = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser(second_factor_at=iso()))

    refused = await client.get("/second-factor", headers=without.bearer)

    assert refused.status_code == 403
    assert refused.json() == {
        "code": "SECOND_FACTOR_REQUIRED",
        "message": "Sign in with a second factor first.",
    }
    assert (await client.get("/second-factor", headers=with_one.bearer)).json() == with_one.id


async def test_of_several_the_first_that_is_not_met_is_told_and_all_have_to_be(
    client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    states = [
        ("ROLE_REQUIRED", {"email_verified": False}),
        ("EMAIL_NOT_VERIFIED", {"email_verified": False, "role": "user,auditor"}),
        ("SECOND_FACTOR_REQUIRED", {"role": "user,auditor"}),
        ("SESSION_NOT_FRESH", {"role": "user,auditor", "second_factor_at": iso()}),
        (None, {"role": "user,auditor", "second_factor_at": iso(), "signed_in_at": iso()}),
    ]
    for code, state in states:
        user = auth_server.sign_in(FakeUser())
        for name, value in state.items():
            setattr(user, name, value)

        response = await client.get("/all", headers=user.bearer)

        expected = (200, user.id) if code is None else (403, code)
        assert (response.status_code, response.json() if code is None else response.json()["code"]) == expected


class Unhashable(Role):
    __hash__ = None  # pyright: ignore[reportAssignmentType] - as a dataclass that is not frozen has it


def test_what_cannot_work_is_refused_when_the_route_is_written() -> None:
    for span in (timedelta(0), timedelta(seconds=-1)):
        with pytest.raises(ValueError, match="fresh"):
            require(fresh=span)
    with pytest.raises(TypeError, match="unhashable"):
        require(Unhashable("admin"))


def test_a_span_is_read_as_people_say_it() -> None:
    spans = {
        "day": timedelta(days=1),
        "2 days": timedelta(days=2),
        "hour": timedelta(hours=1),
        "90 minutes": timedelta(minutes=90),
        "10 minutes": timedelta(minutes=10),
        "90 seconds": timedelta(seconds=90),
        "0.5 seconds": timedelta(milliseconds=500),
    }

    assert {words: FreshSignIn(span).needs for words, span in spans.items()} == {
        words: f"a sign-in within the last {words}" for words in spans
    }
    assert SecondFactor().needs == "a second factor"
