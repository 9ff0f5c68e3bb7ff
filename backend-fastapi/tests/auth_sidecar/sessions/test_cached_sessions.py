"""A request whose session is cached asks nobody, and whatever ends or changes the session reaches the next one."""

import httpx
import pytest

from auth_sidecar import AuthSidecar
from auth_sidecar.sessions.cache import MAX_ALIASES
from tests.support.example_service import create_service, running
from tests.support.fake_auth_server import NOW, FakeAuthServer, FakeUser
from tests.support.timing import until, warm


async def test_every_request_is_either_a_hit_or_a_question(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)
    hits, asked = auth.metrics().cache_hits_total, len(auth_server.received)

    for _ in range(100):
        assert (await client.get("/reports", headers=ada.bearer)).json() == {"reportsOf": ada.id}

    metrics = auth.metrics()
    assert metrics.cache_hits_total - hits + len(auth_server.received) - asked == 100
    assert metrics.cache_misses_total + metrics.cache_lease_misses_total == len(auth_server.received)
    assert metrics.cache_hits_total > hits
    assert metrics.cache_entries == 1


async def test_a_cookie_and_a_bearer_are_kept_each_automatically(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())

    for headers in (ada.bearer, ada.cookie):
        await warm(auth, client, headers)

    assert auth.metrics().cache_entries == 2


@pytest.mark.parametrize("kind", ["bearer", "cookie"])
async def test_a_session_that_was_signed_out_is_refused_at_the_next_request(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, kind: str
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    await warm(auth, client, getattr(ada, kind))
    await warm(auth, client, bob.bearer)

    await auth_server.sign_out(ada)

    assert (await client.get("/reports", headers=getattr(ada, kind))).json()["code"] == "SESSION_EXPIRED"
    assert auth.metrics().cache_entries == 1
    assert (await client.get("/reports", headers=bob.bearer)).status_code == 200


async def test_whatever_is_said_of_a_user_is_asked_for_again(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    for headers in (ada.bearer, ada.cookie):
        await warm(auth, client, headers)
    ada.refused_with = "BANNED_USER"

    await auth_server.change(ada)

    for headers in (ada.bearer, ada.cookie):
        assert (await client.get("/reports", headers=headers)).json()["code"] == "BANNED_USER"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "flush"},
        {"type": "of a newer version"},
        {"type": "revoke"},
        {"type": "revoke", "session": 7},
        {"type": "revoke", "organization": "o"},
        "[]",
        "no JSON",
        "[" * 60_000,
        b"\xff\x00",
    ],
)
async def test_a_flush_or_what_cannot_be_understood_makes_it_forget_everything(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, message: dict[str, object] | str | bytes
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.bearer)

    await auth_server.feed.tell(message)

    await until(lambda: auth.metrics().feed_flushes_total == 1)
    assert auth.metrics().cache_entries == 0
    await warm(auth, client, ada.bearer)


async def test_a_no_is_never_kept(client: httpx.AsyncClient, auth_server: FakeAuthServer) -> None:
    for asked in (1, 2, 3):
        assert (await client.get("/reports", headers={"authorization": "Bearer x.y"})).status_code == 401
        assert len(auth_server.received) == asked


@pytest.mark.parametrize("due", [FakeUser(refresh_at=NOW), FakeUser(refresh_at=NOW, renews_cookie=True)])
async def test_a_session_that_is_due_is_asked_about_each_time(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer, due: FakeUser
) -> None:
    bob = auth_server.sign_in(FakeUser())
    await warm(auth, client, bob.bearer)
    ada = auth_server.sign_in(due)
    hits = auth.metrics().cache_hits_total

    for _ in range(5):
        assert (await client.get("/reports", headers=ada.bearer)).status_code == 200

    assert auth.metrics().cache_hits_total == hits


async def test_a_renewed_cookie_is_given_to_whoever_asked_and_not_out_of_the_cache(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser(renews_cookie=True))
    first = await client.get("/reports", headers=ada.cookie)
    ada.renews_cookie = False

    await warm(auth, client, ada.cookie)
    warmed = await client.get("/reports", headers=ada.cookie)

    assert ["set-cookie" in response.headers for response in (first, warmed)] == [True, False]
    assert warmed.headers["cache-control"] == "private, no-store"
    assert warmed.headers["vary"] == "Cookie, Authorization"


async def test_an_unsafe_request_from_another_site_is_refused_though_the_session_is_cached(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada = auth_server.sign_in(FakeUser())
    await warm(auth, client, ada.cookie)

    response = await client.post("/reports", headers={**ada.cookie, "origin": "https://evil.example"})

    assert (response.status_code, response.json()["code"]) == (403, "INVALID_ORIGIN")


async def test_the_session_of_a_cookie_beside_the_bearer_of_another_is_not_taken_from_the_cache(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    for headers in (ada.bearer, bob.cookie):
        await warm(auth, client, headers)

    response = await client.get("/reports", headers={**ada.bearer, **bob.cookie})

    assert (response.status_code, response.json()["code"]) == (401, "INVALID_TOKEN")


async def test_of_many_sessions_the_least_recently_used_is_forgotten(
    auth: AuthSidecar, auth_server: FakeAuthServer
) -> None:
    auth = AuthSidecar(auth.settings.model_copy(update={"sidecar_cache_entries": 2}))
    users = [auth_server.sign_in(FakeUser()) for _ in range(3)]
    async with running(create_service(auth)) as client:
        first, second, third = users
        for user in (first, second, first, third):
            await warm(auth, client, user.bearer)
        metrics, asked = auth.metrics(), len(auth_server.received)
        for user in (first, third):
            await client.get("/reports", headers=user.bearer)

        assert (metrics.cache_entries, metrics.cache_evictions_total) == (2, 1)
        assert auth.metrics().cache_misses_total == metrics.cache_misses_total
        await client.get("/reports", headers=second.bearer)
        assert auth.metrics().cache_misses_total == metrics.cache_misses_total + 1
        assert len(auth_server.received) > asked


async def test_one_session_written_in_many_ways_evicts_nobody_else(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    ada, bob = auth_server.sign_in(FakeUser()), auth_server.sign_in(FakeUser())
    await warm(auth, client, bob.bearer)

    for number in range(3 * MAX_ALIASES):
        cookie = f"{ada.cookie['cookie']}; better-auth.dont_remember={number}"
        assert (await client.get("/reports", headers={"cookie": cookie})).status_code == 200

    assert auth.metrics().cache_entries <= MAX_ALIASES + 1
    misses = auth.metrics().cache_misses_total
    await warm(auth, client, bob.bearer)
    assert auth.metrics().cache_misses_total == misses
