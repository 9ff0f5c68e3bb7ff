"""For the tests of services: made-up users instead of an auth server, and a look at which routes are guarded.

Nothing else of this package imports it, and it refuses to work where APP_ENV is `production`. It needs neither pytest
nor a client: it works with FastAPI's TestClient, with httpx, and with whatever else calls the app.
"""

from auth_sidecar.testing.guarded_routes import assert_all_routes_guarded
from auth_sidecar.testing.signed_in_user import SignedInUser
from auth_sidecar.testing.signing_in import as_nobody, as_user, auth_server_unavailable

__all__ = ["SignedInUser", "as_nobody", "as_user", "assert_all_routes_guarded", "auth_server_unavailable"]
