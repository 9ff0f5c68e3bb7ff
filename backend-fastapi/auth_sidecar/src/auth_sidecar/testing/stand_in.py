"""Takes the auth server's place in one app: knows the users that a test has made up, without any network."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from auth_sidecar.check_result import CheckFailed, CheckResult, LoadAppUser
from auth_sidecar.credential import Credential, is_bearer, read_credential
from auth_sidecar.errors import AuthError, AuthServerUnavailable, InvalidToken, SessionExpired
from auth_sidecar.identity import Identity
from auth_sidecar.made_up_tokens import made_up_tokens
from auth_sidecar.requests.check import SCOPE_KEY, Checking, RequestCheck
from auth_sidecar.requests.middleware import CheckMiddleware
from auth_sidecar.sessions.ends import Callback, SessionEnds, Watch
from auth_sidecar.settings import SidecarSettings
from auth_sidecar.testing.signed_in_user import SignedInUser

_TOKENS = re.compile(rb"(?:^Bearer |session_token=)([^;\s]+)", re.MULTILINE)
_ORIGINS: tuple[str, ...] = SidecarSettings.model_fields["cors_origin"].default


class StandIn:
    """The users of one app's tests, and whether the auth server can be asked."""

    def __init__(self) -> None:
        self.users: list[SignedInUser | None] = []
        """The last one is behind requests that present no credential; None: nobody is."""
        self.outages = 0
        """How many have begun and not ended."""
        self.ends = _Ends(self)

    def holds(self, credential: Credential) -> bool:
        """See Recheckable."""
        with suppress(InvalidToken):
            return not self.outages and self.find(credential).refusal() is None
        return False

    async def identify(
        self,
        credential: Credential,
        request_id: str | None,  # noqa: ARG002 - Recheckable has it
        *,
        is_safe: bool,  # noqa: ARG002 - as above: of Recheckable
        may_refresh: bool = True,  # noqa: ARG002 - as above: of Recheckable
    ) -> CheckResult:
        """See IdentitySource."""
        if self.outages:
            raise AuthServerUnavailable("the test has taken it away", is_outage=True)
        user = self.find(credential)
        refusal = user.refusal()
        if refusal is not None:
            raise refusal
        return CheckResult(user.identity, (), user.app_user)

    def find(self, credential: Credential) -> SignedInUser:
        """As the auth server: the first cookie counts that it gave out, and a bearer only beside cookies of its own.

        Raises InvalidToken.
        """
        found = [self._by_token(unquote(token.decode("ascii"))) for token in _TOKENS.findall(credential)]
        known = [user for user in found if user is not None]
        is_another = is_bearer(credential) and (found[0] is None or len(set(known)) > 1)
        if not known or is_another:
            raise InvalidToken
        return known[0]

    def access_token(self, user_id: str, service: str) -> str:
        """What `AuthSidecar.access_token` returns and raises."""
        if self.outages:
            raise AuthServerUnavailable("the test has taken it away", is_outage=True)
        user = next((user for user in self.users if user is not None and user.user.id == user_id), None)
        if user is None:
            raise SessionExpired
        refusal = user.refusal()
        if refusal is not None:
            raise refusal
        return user.access_token(service)

    def _by_token(self, token: str) -> SignedInUser | None:
        return next((user for user in self.users if user is not None and user.token == token), None)


@dataclass(frozen=True)
class _Source:
    """An IdentitySource. Asks for each request, as a service does whose cache holds nothing."""

    stand_in: StandIn
    load_app_user: LoadAppUser | None

    def recall(self, credential: Credential) -> None:
        """See IdentitySource."""

    async def identify(self, credential: Credential, request_id: str | None, *, is_safe: bool) -> CheckResult:
        """See IdentitySource."""
        result = await self.stand_in.identify(credential, request_id, is_safe=is_safe)
        if result.app_user is not None or self.load_app_user is None:
            return result
        try:
            return result._replace(app_user=await self.load_app_user(result.identity.user))
        except AuthError:
            raise
        except Exception as error:
            raise CheckFailed(error, ()) from error


class _Ends:
    """See Ends. TestClient may run each request on an event loop of its own, and an end is told on the right one."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, SessionEnds] = WeakKeyDictionary()

    def watch(self, credential: Credential, identity: Identity, callback: Callback) -> Watch:
        """See SessionEnds."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            ends = SessionEnds(self._stand_in, _no_lease)  # which refuses, as in production
        else:
            ends = self._by_loop.setdefault(loop, SessionEnds(self._stand_in, _no_lease))
        watch = ends.watch(credential, identity, callback)
        self._stand_in.find(credential).note_watched()
        return watch

    def unwatch(self, watch: Watch) -> None:
        """See SessionEnds."""
        for ends in tuple(self._by_loop.values()):
            ends.unwatch(watch)

    def tell(self, session_id: str) -> None:
        """What the feed would say. A loop that is closed has no open requests any more."""
        for loop, ends in tuple(self._by_loop.items()):
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(ends.revoke_session, session_id)


class StandInMiddleware:
    """Inside the CheckMiddleware of a lifespan that runs, if one does."""

    def __init__(self, app: ASGIApp, stand_in: StandIn, *, is_first: bool = False) -> None:
        self.app = app
        self.stand_in = stand_in
        self.is_first = is_first
        """Whether the app had no stack yet, and so may still be given middleware afterwards."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        checked = CheckMiddleware(self.app, self._checking(scope.get(SCOPE_KEY)))
        # Also in what the request starts: tasks and threads inherit it.
        before = made_up_tokens.set(self.stand_in.access_token)
        try:
            await checked(self._signed_in(scope), receive, send)
        finally:
            made_up_tokens.reset(before)

    def _checking(self, real: RequestCheck | None) -> Checking:
        loader = None if real is None else real.shared.load_app_user
        origins = _ORIGINS if real is None else real.shared.allowed_origins
        return Checking(_Source(self.stand_in, loader), self.stand_in.ends, origins)

    def _signed_in(self, scope: Scope) -> Scope:
        """With the credential of the user whom the test has signed in, unless the request has one of its own."""
        user = self.stand_in.users[-1] if self.stand_in.users else None
        if user is None or _has_credential(scope):
            return scope
        headers = [(name.encode(), value.encode()) for name, value in user.bearer.items()]
        return {**scope, "headers": [*scope["headers"], *headers]}


def put_in(app: Starlette, stand_in: StandIn) -> None:
    """Into the app's stack, whether its lifespan runs already, will run, or never does."""
    stack = app.middleware_stack
    if isinstance(stack, CheckMiddleware):
        stack.app = StandInMiddleware(stack.app, stand_in)
        return
    app.middleware_stack = StandInMiddleware(stack or app.build_middleware_stack(), stand_in, is_first=stack is None)


def take_out(app: Starlette, stand_in: StandIn) -> None:
    """Wherever it is by now."""
    stack = app.middleware_stack
    if isinstance(stack, StandInMiddleware) and stack.stand_in is stand_in:
        app.middleware_stack = None if stack.is_first else stack.app
    elif isinstance(stack, CheckMiddleware):
        inner = stack.app
        if isinstance(inner, StandInMiddleware) and inner.stand_in is stand_in:
            stack.app = inner.app


def _has_credential(scope: Scope) -> bool:
    try:
        return read_credential(scope["headers"]) is not None
    except InvalidToken:
        return True


def _no_lease() -> None:
    """There is no cache."""
