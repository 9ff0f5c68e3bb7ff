"""What better-auth-client's README shows, against the public address. Prints one JSON line of what each step gave."""

import asyncio
import json
import secrets
import sys
from typing import Any

import httpx
from better_auth_client import AsyncAuthClient, AuthClient
from better_auth_client.client import APIError


def refused(call: Any, **arguments: str) -> str:  # noqa: ANN401 - this client has no types of its own
    """The code of the refusal."""
    try:
        call(**arguments)
    except APIError as error:
        return error.code
    return "not refused"


def name_of(session: Any) -> str | None:  # noqa: ANN401 - this client has no types of its own
    return None if session is None else str(session["user"]["name"])


class Tokens:
    """What a service would get from its caller: the newest token that a client was given."""

    def __init__(self) -> None:
        self.newest = ""

    def keep(self, response: httpx.Response) -> None:
        self.newest = response.headers.get("set-auth-token", self.newest)


def account_calls(url: str, addresses: list[dict[str, str]]) -> dict[str, object]:
    email, password = f"{secrets.token_hex(8)}@example.com", f"a password {secrets.token_hex(8)}"
    seen: dict[str, object] = {}
    tokens, other_tokens = Tokens(), Tokens()
    client = AuthClient(url, headers=addresses[0], event_hooks={"response": [tokens.keep]})
    other = AuthClient(url, headers=addresses[1], event_hooks={"response": [other_tokens.keep]})
    stranger = AuthClient(url, headers=addresses[2])
    with client, other, stranger:
        client.sign_up.email(name="Ada", email=email, password=password)
        seen["signed up"] = name_of(client.get_session())
        seen["wrong password"] = refused(stranger.sign_in.email, email=email, password="not the password")
        other.sign_in.email(email=email, password=password)
        seen["sessions"] = len(client.list_sessions())
        client.update_user(name="Ada Lovelace")
        seen["renamed"] = name_of(other.get_session())
        other_token = other.get_session()["session"]["token"]
        client.revoke_session(token=other_token)
        seen["revoked"] = name_of(other.get_session())
        client.change_password(currentPassword=password, newPassword=password + "!", revokeOtherSessions=True)
        seen["old password"] = refused(stranger.sign_in.email, email=email, password=password)
        # The client still sends the token of its ended session with this call.
        other.sign_in.email(email=email, password=password + "!")
        seen["signed in again"] = name_of(other.get_session())
        client.revoke_other_sessions()
        seen["others revoked"] = [name_of(client.get_session()), name_of(other.get_session())]
        client.sign_out()
        seen["signed out"] = name_of(client.get_session())
        other.sign_in.email(email=email, password=password + "!")
        seen["ended token"] = by_token(url, tokens.newest)
        seen["live token"] = by_token(url, other_tokens.newest)
    return seen


def by_token(url: str, token: str) -> str | None:
    """Service to service: without cookies."""
    with AuthClient(url) as service:
        service.set_bearer(token)
        return name_of(service.get_session())


async def async_calls(url: str, headers: dict[str, str]) -> list[str | None]:
    email, password = f"{secrets.token_hex(8)}@example.com", f"a password {secrets.token_hex(8)}"
    async with AsyncAuthClient(url, headers=headers) as client:
        await client.sign_up.email(name="Ada", email=email, password=password)
        await client.sign_out()
        signed_out = name_of(await client.get_session())
        await client.sign_in.email(email=email, password=password)
        return [signed_out, name_of(await client.get_session())]


def main() -> None:
    given = json.loads(sys.argv[1])
    seen = account_calls(given["url"], given["headers"])
    seen["async"] = asyncio.run(async_calls(given["url"], given["headers"][0]))
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
