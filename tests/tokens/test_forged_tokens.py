"""Only what the auth server signed with today's secret opens anything: as a bearer, as a cookie, on both services."""

import base64
from collections.abc import Callable

import pytest

from stack.refusal import assert_refused
from stack.target import Stack
from stack.tokens import as_cookie, sign
from stack.users import sign_up
from stack.visitors import SESSION_COOKIE, ApiClient, Browser, User

Forge = Callable[[str, str], str]


def _bit_flipped(token: str, signature: str) -> str:
    raw = bytearray(base64.b64decode(signature))
    raw[0] ^= 1
    return f"{token}.{base64.b64encode(bytes(raw)).decode()}"


def _url_safe(token: str, signature: str) -> str:
    """The same bytes in the other base64 alphabet; without its padding, so that the text always differs."""
    return f"{token}.{signature.replace('+', '-').replace('/', '_').rstrip('=')}"


FORGED: dict[str, Forge] = {
    "raw, as it is in the database": lambda token, _: token,
    "with an empty signature": lambda token, _: f"{token}.",
    "without its token": lambda _, signature: f".{signature}",
    "signed with another secret": lambda token, _: sign(token, "an older secret, an older secret, 32"),
    "signed for another token": lambda token, _: f"{token}.{sign('x' * 32, 'any')[33:]}",
    "with another token under its signature": lambda token, signature: (
        f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}.{signature}"
    ),
    "cut by one character": lambda token, signature: f"{token}.{signature[:-1]}",
    "cut by half": lambda token, signature: f"{token}.{signature[:22]}",
    "with one bit flipped": _bit_flipped,
    "in the other base64 alphabet": _url_safe,
    "with its signature in hex": lambda token, signature: f"{token}.{base64.b64decode(signature).hex()}",
    "signed twice": lambda token, signature: f"{token}.{signature}.{signature}",
    "with a line end after it": lambda token, signature: f"{token}.{signature}%0A",
    "with its first character percent-encoded": lambda token, signature: (
        f"%{ord(token[0]):02x}{token[1:]}.{signature[:-1]}%"
    ),
    "with a NUL in it": lambda token, signature: f"{token}%00.{signature}",
    "in upper case": lambda token, signature: f"{token}.{signature}".upper(),
    "as a JSON web token": lambda token, _: (
        f"eyJhbGciOiJub25lIn0.{base64.b64encode(token.encode()).decode().rstrip('=')}."
    ),
}


@pytest.fixture(scope="module")
def signed(stack: Stack) -> tuple[str, str]:
    """A living session's token and its signature."""
    client = ApiClient(stack)
    client.sign_up(User()).raise_for_status()
    client.me().raise_for_status()
    token, _, signature = client.token.partition(".")
    return token, signature


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_bearer_is_refused(stack: Stack, signed: tuple[str, str], forge: Forge) -> None:
    forged = ApiClient(stack, token=forge(*signed))

    for response in (forged.session(), forged.me()):
        assert_refused(response, 401)
        assert response.json()["code"] == "INVALID_TOKEN"
    assert not forged.auth("GET", "/get-session").text.startswith('{"session"')


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_cookie_is_refused(stack: Stack, signed: tuple[str, str], forge: Forge) -> None:
    for value in {forge(*signed), as_cookie(forge(*signed))}:
        forged = Browser(stack, cookies={SESSION_COOKIE: value})

        for response in (forged.session(), forged.me()):
            assert_refused(response, 401)
        assert not forged.auth("GET", "/get-session").text.startswith('{"session"')


def test_a_token_signed_with_todays_secret_is_what_the_server_gives_out(stack: Stack, signed: tuple[str, str]) -> None:
    token, signature = signed

    assert sign(token, stack.secret) == f"{token}.{signature}"


def test_a_token_with_a_good_signature_but_no_session_is_refused(stack: Stack) -> None:
    client = ApiClient(stack, token=sign("A" * 32, stack.secret))

    for response in (client.session(), client.me()):
        assert_refused(response, 401)
        assert response.json()["code"] == "SESSION_EXPIRED"


def test_the_raw_value_in_the_database_opens_nothing(stack: Stack, client: ApiClient, user: User) -> None:
    user_id = sign_up(client, user)
    (row,) = stack.sql(f"SELECT token FROM session WHERE \"userId\" = '{user_id}'")
    assert row["token"] == client.token.partition(".")[0]

    for thief in (ApiClient(stack, token=row["token"]), Browser(stack, cookies={SESSION_COOKIE: row["token"]})):
        assert_refused(thief.session(), 401)
        assert_refused(thief.me(), 401)
        assert thief.auth("GET", "/list-sessions").status_code == 401


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"token": "{token}", "access_token": "{token}"}, {}),
        ({}, {"x-auth-token": "{token}"}),
        ({"userId": "{user_id}"}, {"x-user-id": "{user_id}", "remote-user": "{user_id}"}),
        ({}, {"cookie": "session_token={token}"}),
    ],
    ids=["query", "X-Auth-Token", "user headers", "other cookie"],
)
def test_a_token_counts_only_where_it_belongs(
    stack: Stack, client: ApiClient, user: User, query: dict[str, str], headers: dict[str, str]
) -> None:
    user_id = sign_up(client, user)
    params, sent = (
        {name: value.format(token=client.token, user_id=user_id) for name, value in kind.items()}
        for kind in (query, headers)
    )
    nobody = ApiClient(stack)

    assert_refused(nobody.auth("GET", "/session", params=params, headers=sent), 401)
    assert_refused(nobody.api("GET", "/me", params=params, headers=sent), 401)
