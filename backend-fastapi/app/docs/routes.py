"""GET /docs: Swagger UI, wearing the product's colours. GET / points to it. Neither exists in production."""

from html import escape
from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

DOCS_PATH = "/docs"
_SWAGGER_UI = Path(fastapi_offline.__file__).parent / "static"
_OURS = Path(__file__).parent / "static"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="{docs}/static/favicon.png">
<link rel="stylesheet" href="{docs}/static/swagger-ui.css">
<link rel="stylesheet" href="{docs}/ours/brand.css">
<link rel="stylesheet" href="{docs}/ours/docs.css">
</head>
<body>
<main id="swagger-ui" data-openapi="{openapi}"></main>
<script src="{docs}/static/swagger-ui-bundle.js"></script>
<script src="{docs}/ours/docs.js"></script>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


def add_docs(app: FastAPI) -> None:
    """FastAPI's own load Swagger UI from a CDN and start it with an inline script; these need neither."""
    app.mount(f"{DOCS_PATH}/static", StaticFiles(directory=_SWAGGER_UI))
    app.mount(f"{DOCS_PATH}/ours", StaticFiles(directory=_OURS))
    app.include_router(router)


@router.get(DOCS_PATH)
async def show_docs(request: Request) -> HTMLResponse:
    app: FastAPI = request.app
    docs, openapi = (escape(_outside(request, path)) for path in (DOCS_PATH, str(app.openapi_url)))
    return HTMLResponse(_PAGE.format(title=escape(app.title), docs=docs, openapi=openapi))


@router.get("/")
async def point_to_docs(request: Request) -> Response:
    docs = _outside(request, DOCS_PATH)
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(docs, status_code=302)
    return JSONResponse({"docs": docs, "openapi": _outside(request, str(request.app.openapi_url))})


def _outside(request: Request, path: str) -> str:
    """As browsers ask for it, where a proxy strips a prefix."""
    prefix: str = request.scope.get("root_path", "")
    return f"{prefix.rstrip('/')}{path}"
