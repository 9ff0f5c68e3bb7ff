"""Many requests with the same credential share one check. Which may be shared is in test_turns.py."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from auth_sidecar import AuthServerUnavailable, SidecarSettings
from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.auth_server.http import open_http
from auth_sidecar.check_result import CheckFailed
from auth_sidecar.credential import Credential
from auth_sidecar.identity import User
from auth_sidecar.sessions.cache import SessionCache
from auth_sidecar.sessions.identify import Sessions
from tests.support.fake_auth_server import FakeAuthServer, FakeUser, hang


def credential_of(user: FakeUser) -> Credential:
    return user.bearer["authorization"].encode()


async def test_fifty_requests_at_once_ask_once(sessions: Sessions, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())
    credential = credential_of(ada)

    results = await asyncio.gather(*(sessions.identify(credential, None, is_safe=True) for _ in range(50)))

    assert {result.identity.user.id for result in results} == {ada.id}
    assert len(auth_server.received) == 1


async def test_a_cancelled_request_cancels_no_other(sessions: Sessions, auth_server: FakeAuthServer) -> None:
    ada = auth_server.sign_in(FakeUser())
    requests = [asyncio.create_task(sessions.identify(credential_of(ada), None, is_safe=True)) for _ in range(3)]
    await auth_server.asked(1)

    requests[0].cancel()

    results = await asyncio.gather(*requests, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert [result.identity.user.id for result in results[1:] if not isinstance(result, BaseException)] == [ada.id] * 2
    assert len(auth_server.received) == 1


async def test_a_question_that_nobody_waits_for_any_more_is_given_up(
    sessions: Sessions, auth_server: FakeAuthServer
) -> None:
    credential = credential_of(auth_server.sign_in(FakeUser()))
    auth_server.misbehave = hang
    alone = asyncio.create_task(sessions.identify(credential, None, is_safe=True))
    await auth_server.asked(1)
    auth_server.misbehave = None

    alone.cancel()
    await asyncio.gather(alone, return_exceptions=True)

    assert (await sessions.identify(credential, None, is_safe=True)).identity.user.id
    assert len(auth_server.received) == 2


async def test_a_bearers_request_is_given_no_cookie_of_the_response_it_shares(
    sessions: Sessions, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))

    result = await sessions.identify(credential_of(ada), None, is_safe=True)

    assert result.renewed_cookies == ()


@pytest.fixture
async def loading(settings: SidecarSettings, cache: SessionCache) -> AsyncGenerator[tuple[Sessions, list[User]]]:
    loaded: list[User] = []

    async def load(user: User) -> object:
        loaded.append(user)
        return f"app user {len(loaded)}"

    async with open_http(settings) as http:
        yield Sessions(AuthServerClient(http, settings), cache, load_app_user=load), loaded


async def test_an_app_user_is_loaded_with_the_check_and_kept_with_it(
    loading: tuple[Sessions, list[User]], auth_server: FakeAuthServer
) -> None:
    sessions, loaded = loading
    ada = auth_server.sign_in(FakeUser())

    result = await sessions.identify(credential_of(ada), None, is_safe=True)

    recalled = sessions.recall(credential_of(ada))
    assert recalled is not None
    assert [result.app_user, recalled.app_user] == ["app user 1"] * 2
    assert [user.id for user in loaded] == [ada.id]


async def test_an_app_user_is_loaded_again_when_the_user_has_changed(
    loading: tuple[Sessions, list[User]], auth_server: FakeAuthServer, cache: SessionCache
) -> None:
    sessions, loaded = loading
    ada = auth_server.sign_in(FakeUser())
    await sessions.identify(credential_of(ada), None, is_safe=True)

    ada.name = "Ada Lovelace"
    cache.revoke_user(ada.id)

    assert sessions.recall(credential_of(ada)) is None
    result = await sessions.identify(credential_of(ada), None, is_safe=True)
    assert result.app_user == "app user 2"
    assert [user.name for user in loaded] == ["Ada", "Ada Lovelace"]


async def test_what_loading_raises_reaches_the_request_and_nothing_is_kept(
    settings: SidecarSettings, cache: SessionCache, auth_server: FakeAuthServer
) -> None:
    async def fail(_user: User) -> object:
        raise ConnectionError

    ada = auth_server.sign_in(FakeUser())
    async with open_http(settings) as http:
        sessions = Sessions(AuthServerClient(http, settings), cache, load_app_user=fail)
        with pytest.raises(CheckFailed) as raised:
            await sessions.identify(credential_of(ada), None, is_safe=True)

    assert isinstance(raised.value.error, ConnectionError)
    assert len(cache) == 0


async def test_an_outage_in_the_middle_of_a_question_reaches_all_who_wait(
    sessions: Sessions, auth_server: FakeAuthServer
) -> None:
    credential = credential_of(auth_server.sign_in(FakeUser()))
    auth_server.misbehave = hang

    outcomes = await asyncio.gather(
        *(sessions.identify(credential, None, is_safe=True) for _ in range(5)), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [AuthServerUnavailable] * 5
    assert len(auth_server.received) == 1
