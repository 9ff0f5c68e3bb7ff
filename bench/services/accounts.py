"""fastapi-users as its documentation sets it up: SQLAlchemy on asyncpg, tables made at the start, its own routes."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyAccessTokenDatabase, SQLAlchemyBaseAccessTokenTableUUID
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from settings import setting


class Base(DeclarativeBase):
    pass


class Account(SQLAlchemyBaseUserTableUUID, Base):
    pass


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


class AccountManager(UUIDIDMixin, BaseUserManager[Account, uuid.UUID]):
    pass


# As many connections as the benchmark has requests in flight: none of them waits for another.
engine = create_async_engine(setting("DATABASE_URL"), pool_size=20)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncGenerator[AsyncSession]:
    async with new_session() as opened:
        yield opened


Session = Annotated[AsyncSession, Depends(session)]


async def access_tokens(session: Session) -> SQLAlchemyAccessTokenDatabase[AccessToken]:
    return SQLAlchemyAccessTokenDatabase(session, AccessToken)


async def account_manager(session: Session) -> AccountManager:
    return AccountManager(SQLAlchemyUserDatabase(session, Account))


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


def add_routes(app: FastAPI, backend: AuthenticationBackend[Any, Any]) -> FastAPIUsers[Account, uuid.UUID]:
    """POST /register and /login; returns the factory of the dependency for the current user."""
    users = FastAPIUsers[Account, uuid.UUID](account_manager, [backend])
    app.include_router(users.get_register_router(schemas.BaseUser[uuid.UUID], schemas.BaseUserCreate))
    app.include_router(users.get_auth_router(backend))
    return users
