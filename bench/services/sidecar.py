"""This project: auth_sidecar as its README shows it, with its settings from the environment."""

from fastapi import FastAPI

from auth_sidecar import AuthSidecar, CurrentUser
from report import Report, report_for

auth = AuthSidecar()
app = FastAPI(lifespan=auth.lifespan)


@app.get("/reports")
async def reports(user: CurrentUser) -> Report:
    return report_for(user.email)


@app.get("/counts")
async def counts() -> dict[str, int]:
    """What the cache has done since the start."""
    found = auth.metrics()
    hits = found.cache_hits_total
    return {"hits": hits, "checks": hits + found.cache_misses_total + found.cache_lease_misses_total}
