"""Which pages of other origins may read responses. No defence: auth_sidecar checks which pages may change anything."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from app.errors import CorsRefused
from app.server.error_responses import to_response

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# The last four: W3C Trace Context and Baggage, and Sentry's, which tracing in a page adds to every call.
_HEADERS = ("authorization", "content-type", "x-request-id", "traceparent", "tracestate", "baggage", "sentry-trace")
_MAX_AGE_SECONDS = 600


class Cors(CORSMiddleware):
    """Exact origins, with credentials; a refused preflight has the one error body."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_HEADERS,
            allow_credentials=True,
            expose_headers=("x-request-id", "retry-after", "x-retry-after"),
            max_age=_MAX_AGE_SECONDS,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """As Starlette decides, without its plain text."""
        response = super().preflight_response(request_headers)
        kept = {
            name: value for name, value in response.headers.items() if name not in ("content-length", "content-type")
        }
        if response.status_code == HTTPStatus.OK:
            return Response(status_code=204, headers=kept)
        return to_response(CorsRefused(), kept)
