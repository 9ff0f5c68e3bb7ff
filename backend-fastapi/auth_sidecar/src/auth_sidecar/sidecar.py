"""Start here: what a service creates once, and what its lifespan puts in place."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette

from auth_sidecar.check import RequestCheck
from auth_sidecar.client import AuthServerClient, open_client
from auth_sidecar.errors import AuthServerUnavailable
from auth_sidecar.middleware import CheckMiddleware
from auth_sidecar.settings import SidecarSettings, read_settings


class AuthSidecar:
    """Knows who is behind a request, by asking the auth server.

        auth = AuthSidecar()                  # settings from the environment
        app = FastAPI(lifespan=auth.lifespan)

        @app.get("/reports")
        async def reports(user: CurrentUser): ...

    Raises ConfigurationError, with every fault at once, when the environment is not usable.
    """

    def __init__(self, settings: SidecarSettings | None = None) -> None:
        self.settings = settings or read_settings()
        self._client: AuthServerClient | None = None

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncGenerator[None]:
        """Connections to the auth server, for as long as the app runs. Opens none yet: it may start before it.

        A service with a lifespan of its own enters this one in it: `async with auth.lifespan(app): ...`.
        Apps mounted under this one, and routers, are covered.
        """
        async with open_client(self.settings) as client:
            inner = app.middleware_stack or app.build_middleware_stack()
            # By now Starlette takes no more middleware by add_middleware, and outermost is the right place: an
            # answer made by any other middleware, or by the handler of a crash, passes here as well.
            app.middleware_stack = CheckMiddleware(inner, partial(RequestCheck, client, self.settings.cors_origin))
            self._client = client
            try:
                yield
            finally:
                self._client = None
                app.middleware_stack = inner

    async def check(self) -> None:
        """For a readiness probe: raises AuthServerUnavailable unless the auth server answers and takes our token."""
        if self._client is None:
            raise AuthServerUnavailable("the lifespan does not run")
        await self._client.check()
