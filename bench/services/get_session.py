"""The simplest design: one pooled httpx client that calls better-auth's own get-session for every request."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, HTTPException, Request

from report import Report, report_for
from settings import setting


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with httpx.AsyncClient(base_url=setting("AUTH_URL")) as client:
        app.state.client = client
        yield


async def current_email(request: Request) -> str:
    client: httpx.AsyncClient = request.app.state.client
    headers = {"authorization": request.headers.get("authorization", "")}
    response = await client.get("/api/auth/get-session", headers=headers)
    if not response.is_success:
        raise HTTPException(503, "Try again")
    session = response.json()
    if session is None:
        raise HTTPException(401, "Sign in first")
    return session["user"]["email"]


app = FastAPI(lifespan=lifespan)


@app.get("/reports")
async def reports(email: Annotated[str, Depends(current_email)]) -> Report:
    return report_for(email)
