"""The control: the route as it is without authentication. The header that all requests carry is parsed and ignored."""

from fastapi import FastAPI

from report import Report, report_for

app = FastAPI()


@app.get("/reports")
async def reports() -> Report:
    return report_for("bench@example.com")
