"""No route of this service is open by oversight."""

from app.main import create_app
from auth_sidecar.testing import assert_all_routes_guarded
from tests.app.test_openapi import UNUSED

OPEN = {"/health", "/health/live", "/health/ready"}
WITH_THE_INTERNAL_TOKEN = {"/health/metrics"}
DOCS = {"/", "/docs", "/openapi.json", "/docs/static", "/docs/ours"}


def test_every_route_is_for_signed_in_users_but_these() -> None:
    assert_all_routes_guarded(create_app(UNUSED), public=OPEN | WITH_THE_INTERNAL_TOKEN | DOCS)
