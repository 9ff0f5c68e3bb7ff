"""A made-up user with a session, for one test."""

import uuid
from collections.abc import Callable, Mapping
from urllib.parse import quote

from auth_sidecar.errors import BannedUser, ConnectedServiceError, NotConnected, SessionExpired, Unauthenticated
from auth_sidecar.identity import Identity, Session, User


class SignedInUser:
    """What `as_user` gives a test."""

    def __init__(
        self,
        identity: Identity,
        app_user: object,
        connected: Mapping[str, str | ConnectedServiceError],
        tell_end: Callable[[str], None],
    ) -> None:
        self.identity = identity
        self.app_user = app_user
        """What `current_app_user` returns; None: whatever the service's own LoadAppUser does."""
        self.connected = dict(connected)
        """What `AuthSidecar.access_token` returns or raises, by service; NotConnected for others. May be changed."""
        self.token = f"made-up.{uuid.uuid4().hex}"
        """Signs this user in as a bearer token, in apps where this test has made the user up, and nowhere else."""
        self._tell_end = tell_end
        self._refusal: type[SessionExpired | BannedUser] | None = None
        self._ends_when_watched = False

    @property
    def user(self) -> User:
        """As the app sees the user."""
        return self.identity.user

    @property
    def session(self) -> Session:
        """As the app sees the session."""
        return self.identity.session

    @property
    def bearer(self) -> dict[str, str]:
        """Headers of a request with the bearer token: for a test with several users."""
        return {"authorization": f"Bearer {self.token}"}

    @property
    def cookie(self) -> dict[str, str]:
        """Headers of a request with the session cookie, as a browser sends it: unsafe ones need an `Origin` besides."""
        return {"cookie": f"better-auth.session_token={quote(self.token)}"}

    def sign_out(self) -> None:
        """Ends the session, in the middle of requests too: the next one is a 401, SESSION_EXPIRED.

        Routes that stay open hear of it through `on_session_end`. May be called in the app, in the test, and on any
        thread.
        """
        self._end(SessionExpired)

    def ban(self) -> None:
        """As `sign_out`, with the code BANNED_USER."""
        self._end(BannedUser)

    def sign_out_when_watched(self) -> None:
        """Ends the session as soon as a route calls `on_session_end`.

        For clients that return only when the response is complete, as TestClient and httpx do for an app.
        """
        self._ends_when_watched = True

    def note_watched(self) -> None:
        """A route waits for the end of this session."""
        if self._ends_when_watched:
            self._ends_when_watched = False
            self.sign_out()

    def access_token(self, service: str) -> str:
        """What the auth server would hand out. Raises what the test says, and NotConnected."""
        token = self.connected.get(service)
        if token is None:
            raise NotConnected(service)
        if isinstance(token, ConnectedServiceError):
            raise token
        return token

    def refusal(self) -> Unauthenticated | None:
        """What the auth server would say, if the session is over."""
        return None if self._refusal is None else self._refusal()

    def _end(self, refusal: type[SessionExpired | BannedUser]) -> None:
        self._refusal = refusal
        self._tell_end(self.session.id)
