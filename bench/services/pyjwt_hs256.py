"""PyJWT with a secret that issuer and service share (HS256)."""

from typing import Annotated

from fastapi import Depends, FastAPI

from pyjwt_bearer import jwt_email
from report import Report, report_for
from settings import setting

app = FastAPI()
Email = Annotated[str, Depends(jwt_email(setting("JWT_SECRET"), "HS256"))]


@app.get("/reports")
async def reports(email: Email) -> Report:
    return report_for(email)
