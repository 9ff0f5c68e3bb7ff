"""GET /health/metrics, for the operator: what auth_sidecar counts in this process."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from app.errors import NotFound
from auth_sidecar import AuthSidecar, Metrics

router = APIRouter(include_in_schema=False)


@router.get("/health/metrics")
async def read_metrics(request: Request, x_internal_token: Annotated[str, Header()] = "") -> Response:
    """This port is public: without the token that opens the auth server's private one, there is nothing here."""
    auth: AuthSidecar = request.app.state.auth
    expected = auth.settings.internal_token.get_secret_value()
    if not hmac.compare_digest(x_internal_token.encode(), expected.encode()):
        raise NotFound
    return Response(auth.metrics().to_prometheus(), media_type=Metrics.PROMETHEUS_CONTENT_TYPE)
