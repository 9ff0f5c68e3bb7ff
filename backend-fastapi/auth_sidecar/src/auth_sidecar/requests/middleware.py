"""Gives each request its check, outermost in the app, and stays there whoever builds the app's stack again."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from auth_sidecar.errors import AuthError
from auth_sidecar.requests.check import SCOPE_KEY, Checking, RequestCheck
from auth_sidecar.requests.rendering import send_refusal


class CheckMiddleware:
    """Asks nothing: only routes that want a user do."""

    def __init__(self, app: ASGIApp, shared: Checking) -> None:
        self.app = app
        self.shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        check = scope[SCOPE_KEY] = RequestCheck(self.shared, send)
        try:
            await self.app(scope, receive, check.send)
        except AuthError as error:
            # Raised by a middleware of the service's own: Starlette handles only what comes from further inside.
            if not check.drop_held():
                raise
            await send_refusal(error, scope, receive, check.send)
        finally:
            for message in check.end():
                await send(message)


class Installation:
    """CheckMiddleware in one app, for as long as its lifespan runs.

    By then Starlette takes no more middleware by add_middleware, and outermost is the right place: a response made by
    any other middleware, or by the handler of a crash, passes there as well. But whoever builds the stack again at
    run time (OpenTelemetry's uninstrument_app does) leaves that place out. `user_middleware` is in every stack.
    """

    def __init__(self, app: Starlette, shared: Checking) -> None:
        self._app = app
        self._shared: Checking | None = shared
        self._reminder = Middleware(_Reminder, self)
        self.outermost()
        app.user_middleware.insert(0, self._reminder)

    def outermost(self) -> ASGIApp:
        """The app's stack, with CheckMiddleware around it."""
        stack = self._app.middleware_stack or self._app.build_middleware_stack()
        if self._shared is not None and not (isinstance(stack, CheckMiddleware) and stack.shared is self._shared):
            stack = CheckMiddleware(stack, self._shared)
        self._app.middleware_stack = stack
        return stack

    def is_left_out(self, scope: Scope) -> bool:
        """Whether this request has come in without passing CheckMiddleware."""
        if self._shared is None or scope["type"] not in ("http", "websocket"):
            return False
        check: RequestCheck | None = scope.get(SCOPE_KEY)
        return check is None or not check.is_of(self._shared)

    def remove(self) -> None:
        """Stacks that were built in between keep the reminder, which does nothing any more."""
        stack = self._app.middleware_stack
        if isinstance(stack, CheckMiddleware) and stack.shared is self._shared:
            self._app.middleware_stack = stack.app
        self._shared = None
        self._app.user_middleware = [one for one in self._app.user_middleware if one is not self._reminder]


class _Reminder:
    """In stacks that are built after the start: lets the first request through each begin again at the right place."""

    def __init__(self, app: ASGIApp, installation: Installation) -> None:
        self.app = app
        self._installation = installation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_left_out = self._installation.is_left_out(scope)
        await (self._installation.outermost() if is_left_out else self.app)(scope, receive, send)
