"""fastapi-users with its JWT strategy: the token is verified offline, the user is read from the database."""

from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy

from accounts import Account, add_routes, lifespan
from report import Report, report_for
from settings import setting


def strategy() -> JWTStrategy[Account, str]:
    return JWTStrategy(secret=setting("JWT_SECRET"), lifetime_seconds=3600)


app = FastAPI(lifespan=lifespan)
users = add_routes(app, AuthenticationBackend("jwt", BearerTransport("login"), strategy))


@app.get("/reports")
async def reports(account: Annotated[Account, Depends(users.current_user(active=True))]) -> Report:
    return report_for(account.email)
