"""A FastAPI service that uses fastapi-better-auth-bridge as its README shows: by a shared store, or by get-session.

Prints one JSON line: what the service says about each caller.
"""

import asyncio
import json
import sys
from typing import Any

import httpx
from fastapi import Depends, FastAPI
from fastapi_better_auth import (
    AdminUser,
    BetterAuth,
    CookieVerifier,
    OriginCheck,
    RemoteVerifier,
    Session,
    SharedSecret,
    SqlAlchemySessionStore,
)
from sqlalchemy.ext.asyncio import create_async_engine


# `secure_cookies=False`: the stack under test speaks http, where the cookie's name has no prefix.
def by_get_session(given: dict[str, Any]) -> BetterAuth:
    """Refuses to start where an unsigned token is accepted, or where "nobody" is not 200 with null."""
    csrf = OriginCheck(allowed_origins=[given["origin"]])
    secret = SharedSecret(given["secret"])
    verifier = RemoteVerifier(
        base_url=given["url"], csrf=csrf, secret=secret, refuse_unsigned_bearer=True, secure_cookies=False
    )
    return BetterAuth(verifiers=[verifier])


def by_store(given: dict[str, Any]) -> BetterAuth:
    store = SqlAlchemySessionStore(engine=create_async_engine(given["database_url"]))
    csrf = OriginCheck(allowed_origins=[given["origin"]])
    verifier = CookieVerifier(secret=SharedSecret(given["secret"]), store=store, csrf=csrf, secure_cookies=False)
    return BetterAuth(verifiers=[verifier])


def create_app(auth: BetterAuth) -> FastAPI:
    app = FastAPI(lifespan=auth.lifespan)
    current = auth.current_session(user_model=AdminUser)
    optional = auth.optional_session(user_model=AdminUser)

    async def me(session: Session[AdminUser] = Depends(current)) -> dict[str, str | None]:  # noqa: B008 - as its README says for factories
        return {"email": session.user.email, "role": session.user.role}

    async def greeting(session: Session[AdminUser] | None = Depends(optional)) -> str | None:  # noqa: B008 - as its README says for factories
        return None if session is None else session.user.email

    app.add_api_route("/me", me, methods=["GET", "POST"])
    app.add_api_route("/greeting", greeting)
    return app


async def call_as_everyone(app: FastAPI, given: dict[str, Any]) -> dict[str, object]:
    live, ended = {"cookie": given["live"]}, {"cookie": given["ended"]}
    origin = {"origin": given["origin"]}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        return {
            "live": (await client.get("/me", headers=live)).json(),
            "optional": (await client.get("/greeting", headers=live)).json(),
            "anonymous": (await client.get("/greeting")).json(),
            "nobody": (await client.get("/me")).status_code,
            "ended": (await client.get("/me", headers=ended)).status_code,
            "forged": (await client.get("/me", headers={"cookie": given["live"][:-6] + "AAAA%3D"})).status_code,
            "own page": (await client.post("/me", headers={**live, **origin})).status_code,
            "another site": (await client.post("/me", headers={**live, "origin": "https://evil.example"})).status_code,
        }


def main() -> None:
    given = json.loads(sys.argv[1])
    auth = by_store(given) if "database_url" in given else by_get_session(given)
    print(json.dumps(asyncio.run(call_as_everyone(create_app(auth), given))))


if __name__ == "__main__":
    main()
