"""fastapi-users with its database strategy: token and user are read from the database."""

import uuid
from typing import Annotated, TypeAlias

from fastapi import Depends, FastAPI
from fastapi_users.authentication import AuthenticationBackend, BearerTransport
from fastapi_users.authentication.strategy.db import DatabaseStrategy
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyAccessTokenDatabase

from accounts import AccessToken, Account, access_tokens, add_routes, lifespan
from report import Report, report_for

Tokens: TypeAlias = Annotated[SQLAlchemyAccessTokenDatabase[AccessToken], Depends(access_tokens)]


def strategy(tokens: Tokens) -> DatabaseStrategy[Account, uuid.UUID, AccessToken]:
    return DatabaseStrategy(tokens, lifetime_seconds=3600)


app = FastAPI(lifespan=lifespan)
users = add_routes(app, AuthenticationBackend("database", BearerTransport("login"), strategy))


@app.get("/reports")
async def reports(account: Annotated[Account, Depends(users.current_user(active=True))]) -> Report:
    return report_for(account.email)
