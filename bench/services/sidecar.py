"""This project: auth_sidecar as its README shows it, with its settings from the environment."""

from fastapi import FastAPI

from auth_sidecar import AuthSidecar, CurrentUser
from report import Report, report_for

auth = AuthSidecar()
app = FastAPI(lifespan=auth.lifespan)


@app.get("/reports")
async def reports(user: CurrentUser) -> Report:
    return report_for(user.email)
