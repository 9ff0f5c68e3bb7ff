"""The check of one request: who is behind it."""

import re
from collections.abc import Awaitable, Callable, Collection
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import Message, Scope, Send

from auth_sidecar.check_result import CheckFailed, CheckResult, IdentitySource, LoadAppUser
from auth_sidecar.credential import Credential, is_bearer, read_credential
from auth_sidecar.errors import AuthError, LifespanNotRun, SessionRequired
from auth_sidecar.requests.csrf import is_safe, refuse_cross_site
from auth_sidecar.requests.response_headers import add_headers
from auth_sidecar.sessions.ends import Ends, Watch

SCOPE_KEY = "auth_sidecar.check"
checked_scope: ContextVar[Scope | None] = ContextVar("checked_scope", default=None)
"""Of the request that this task has asked a user of, for what is called without a request."""
_HEADER_MESSAGES = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
_CRASH = 500
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True, slots=True)
class Checking:
    """What the checks of one service share."""

    source: IdentitySource
    ends: Ends
    allowed_origins: Collection[str]
    load_app_user: LoadAppUser | None = None
    """The service's own. `source` has it already: this is for what takes the place of `source` in tests."""


class RequestCheck:
    """Made once for each request, at the first dependency that needs it. Its headers mark the response as personal."""

    __slots__ = ("_credential", "_held", "_is_over", "_may_be_dropped", "_outcome", "_send", "_watches", "shared")

    def __init__(self, shared: Checking, send: Send) -> None:
        self.shared = shared
        self._send = send
        self._credential: Credential | None = None
        self._outcome: CheckResult | AuthError | CheckFailed | None = None
        self._is_over = False
        self._may_be_dropped = False
        self._held: tuple[Message, ...] = ()
        self._watches: tuple[Watch, ...] = ()

    def recall(self, scope: Scope) -> CheckResult | None:
        """The result, if it is known without I/O. Raises as `identify` does."""
        if self._outcome is None and self._credential is None:
            try:
                credential = self._credential = self._read(scope)
            except AuthError as error:
                self._outcome = error
                raise
            result = self._outcome = self.shared.source.recall(credential)
            return result
        return self._recall_outcome()

    def _recall_outcome(self) -> CheckResult | None:
        """What has been found for this request before."""
        outcome = self._outcome
        if isinstance(outcome, CheckResult):
            return outcome
        if isinstance(outcome, AuthError):
            # Other requests may share it, so its traceback must not grow with each.
            raise outcome.with_traceback(None)
        if isinstance(outcome, CheckFailed):
            raise outcome.as_first_raised() from outcome.error.__cause__
        return None

    async def identify(self, scope: Scope) -> CheckResult:
        """Raises AuthError, and what the service's own LoadAppUser does."""
        return self.recall(scope) or await self._ask(scope)

    def send(self, message: Message) -> Awaitable[None]:
        """The ASGI `send` of this request."""
        if self._outcome is not None and message["type"] in _HEADER_MESSAGES:
            add_headers(message, () if isinstance(self._outcome, AuthError) else self._outcome.renewed_cookies)
        return self._hold(message) if self._may_be_dropped else self._send(message)

    def _hold(self, message: Message) -> Awaitable[None]:
        if self._held or message.get("status") == _CRASH:
            self._held += (message,)
            return _send_nowhere(message)
        self._may_be_dropped = False
        return self._send(message)

    def refuse_outside(self) -> None:
        """This request is refused in a place where Starlette would send a 500, which is held back."""
        self._may_be_dropped = True

    def drop_held(self) -> bool:
        """Whether a refusal may still be sent as the response: nothing else has been."""
        may_be_dropped, self._may_be_dropped = self._may_be_dropped, False
        self._held = ()
        return may_be_dropped

    def is_of(self, shared: Checking) -> bool:
        """Whether it is a check of that service."""
        return self.shared is shared

    def watch(self, callback: Callable[[], Awaitable[None] | None]) -> None:
        """Calls back when the session ends while this request goes on. Raises RuntimeError before it is identified."""
        if self._is_over:
            return
        if self._credential is None or not isinstance(self._outcome, CheckResult):
            raise RuntimeError("on_session_end() is for requests that have asked for a user")
        self._watches += (self.shared.ends.watch(self._credential, self._outcome.identity, callback),)

    def end(self) -> tuple[Message, ...]:
        """The request is over. Returns what was held back and not dropped: it was the service's own."""
        self._is_over = True
        # It leads to the scope, and the scope leads here: only the garbage collector would free that cycle.
        self._send = _send_nowhere
        for watch in self._watches:
            self.shared.ends.unwatch(watch)
        return self._held

    async def _ask(self, scope: Scope) -> CheckResult:
        credential = self._credential or self._read(scope)  # the type checker does not know that recall() was first
        try:
            result = await self.shared.source.identify(credential, _request_id(scope), is_safe=is_safe(scope))
        except AuthError as error:
            self._outcome = error
            raise
        except CheckFailed as failed:
            self._outcome = failed
            raise failed.as_first_raised() from failed.error.__cause__
        self._outcome = result
        return result

    def _read(self, scope: Scope) -> Credential:
        credential = read_credential(scope["headers"])
        if credential is None:
            raise SessionRequired
        # A bearer counts or is refused, whatever cookie is beside it; no browser attaches one on its own.
        if not is_bearer(credential):
            refuse_cross_site(scope, self.shared.allowed_origins)
        return credential


def check_of(scope: Scope) -> RequestCheck:
    """Raises LifespanNotRun where the app was put together wrongly."""
    check: RequestCheck | None = scope.get(SCOPE_KEY)
    if check is None:
        raise LifespanNotRun
    checked_scope.set(scope)
    return check


async def _send_nowhere(_message: Message) -> None:
    """The request is over."""


def _request_id(scope: Scope) -> str | None:
    """The caller's, so that one id finds the lines of all services; the auth server makes its own for None."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value.decode("ascii") if REQUEST_ID.fullmatch(value) else None
    return None
