"""Every way in which this package refuses a request, named after what the caller is told. All codes are here.

An `AuthError` is an `HTTPException`, so any FastAPI app renders it with the right status and headers. The body
`{"code", "message"}` comes from `rendering.py`; register your own handler for `AuthError` to render it differently.
"""

from fastapi import HTTPException

SOON_SECONDS = 1


class ConfigurationError(Exception):
    """The environment is not usable. `faults` names every bad variable and the rule it breaks, never its value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("The configuration is not usable:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


class LifespanNotRun(RuntimeError):
    """A protected route was called in an app in which `AuthSidecar.lifespan` does not run: a bug in the set-up."""

    def __init__(self) -> None:
        super().__init__(
            "AuthSidecar's lifespan did not run. Create the outermost app with FastAPI(lifespan=auth.lifespan), or "
            "enter `async with auth.lifespan(app)` in your own lifespan; in tests, run the app's lifespan too."
        )


class AuthError(HTTPException):
    """A request that is refused: `status_code`, a stable `code`, a `message` to show, and `headers`."""

    def __init__(self, status_code: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status_code, {"code": code, "message": message}, headers)
        self.code = code
        self.message = message


class Unauthenticated(AuthError):
    """401: the auth server says that nobody is behind this request. The subclasses are the codes it has today."""

    def __init__(self, code: str, message: str = "Sign in first.") -> None:
        super().__init__(401, code, message, {"WWW-Authenticate": "Bearer"})


class SessionRequired(Unauthenticated):
    """Neither a bearer token nor a session cookie was sent."""

    def __init__(self) -> None:
        super().__init__("SESSION_REQUIRED", "Sign in first.")


class InvalidToken(Unauthenticated):
    """What was sent was never given out: malformed, forged, or of another scheme."""

    def __init__(self) -> None:
        super().__init__("INVALID_TOKEN", "This token is not valid.")


class SessionExpired(Unauthenticated):
    """No live session is behind the credential any more: expired, signed out, revoked, or its user deleted."""

    def __init__(self) -> None:
        super().__init__("SESSION_EXPIRED", "Your session has ended. Sign in again.")


class BannedUser(Unauthenticated):
    """The user may not sign in."""

    def __init__(self) -> None:
        super().__init__("BANNED_USER", "This account has been suspended.")


class OldTokenRefused(Unauthenticated):
    """A token of the old system that was right, and counts no more, or not here: docs/old-tokens.md."""


class OldTokenExpired(OldTokenRefused):
    """By its own time, or it is older than the auth server's OLD_TOKENS_MAX_AGE_HOURS."""

    def __init__(self) -> None:
        super().__init__("OLD_TOKEN_EXPIRED", "This token has expired. Sign in again.")


class OldTokenEnded(OldTokenRefused):
    """It was exchanged for a session, or its user has ended all sessions here."""

    def __init__(self) -> None:
        super().__init__("OLD_TOKEN_ENDED", "This token is used up. Sign in again.")


class OldTokenUserUnknown(OldTokenRefused):
    """Its user was not imported, or has been deleted."""

    def __init__(self) -> None:
        super().__init__("OLD_TOKEN_USER_UNKNOWN", "The account of this token is not here.")


class OldTokenSecondFactor(OldTokenRefused):
    """It knows nothing of the second factor that its user has here."""

    def __init__(self) -> None:
        super().__init__("OLD_TOKEN_SECOND_FACTOR", "Sign in: this account has a second factor.")


class OldTokenEmailNotVerified(OldTokenRefused):
    """The auth server requires verified addresses (REQUIRE_EMAIL_VERIFICATION), and its user has not verified one."""

    def __init__(self) -> None:
        super().__init__("OLD_TOKEN_EMAIL_NOT_VERIFIED", "Verify your e-mail address, and sign in.")


class OldTokensOver(OldTokenRefused):
    """The last day of old tokens has passed: the auth server's OLD_TOKENS_UNTIL."""

    def __init__(self) -> None:
        super().__init__("OLD_TOKENS_OVER", "Tokens of the old system count no more. Sign in.")


# The auth server says the same, word for word (auth-server/src/errors.ts).
_SEND_ORIGIN = (
    'Send the header "Origin: <scheme>://<host>[:<port>]" with one of the origins that the setting CORS_ORIGIN names, '
    "or a bearer token instead of the cookie."
)


class CrossSiteRequest(AuthError):
    """403: an unsafe request by cookie that another site may have made the browser send."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(403, code, message)


class InvalidOrigin(CrossSiteRequest):
    """`Origin` names a page that is not in CORS_ORIGIN."""

    def __init__(self) -> None:
        super().__init__("INVALID_ORIGIN", f"This origin is not allowed. {_SEND_ORIGIN}")


class MissingOrNullOrigin(CrossSiteRequest):
    """Neither `Origin` nor `Sec-Fetch-Site` says which page sent the request."""

    def __init__(self) -> None:
        message = f"This request does not say which page it comes from. {_SEND_ORIGIN}"
        super().__init__("MISSING_OR_NULL_ORIGIN", message)


class RequirementNotMet(AuthError):
    """403: somebody is signed in, but lacks what the route requires. The subclasses are what `require` has names for.

    An own Requirement may refuse with this class and a code of its own, in the form of those here.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(403, code, message)


class EmailNotVerified(RequirementNotMet):
    """The user has not shown yet that the e-mail address is theirs."""

    def __init__(self) -> None:
        super().__init__("EMAIL_NOT_VERIFIED", "Verify your e-mail address first.")


class SecondFactorRequired(RequirementNotMet):
    """The session was begun with one factor only."""

    def __init__(self) -> None:
        super().__init__("SECOND_FACTOR_REQUIRED", "Sign in with a second factor first.")


class SessionNotFresh(RequirementNotMet):
    """The user signed in too long ago for this, or is being impersonated by an administrator."""

    def __init__(self) -> None:
        super().__init__("SESSION_NOT_FRESH", "Sign in again to do this.")


class UserUnknown(AuthError):
    """503: the auth server knows this user and the service's own database does not. For a LoadAppUser to raise.

    The auth server is asked again first: where the user was deleted in between, it says so, and the response is 401.
    """

    def __init__(self) -> None:
        message = "Your account is not known to this service yet. Try again shortly."
        super().__init__(503, "USER_UNKNOWN", message, {"Retry-After": str(SOON_SECONDS)})


class ServiceUnknown(LookupError):
    """`access_token()` names a service that the auth server's CONNECTED_SERVICES has not: a bug in the set-up."""

    def __init__(self, service: str) -> None:
        super().__init__(f"CONNECTED_SERVICES of the auth server has no service {service!r}")


class ConnectedServiceError(AuthError):
    """There is no token of the user's for a connected service. `service` is its id in CONNECTED_SERVICES."""

    service: str


class NotConnected(ConnectedServiceError):
    """409: the user has not connected the service. The account page is where they do."""

    def __init__(self, service: str) -> None:
        super().__init__(409, "SERVICE_NOT_CONNECTED", f"Connect {service} on your account page first.")
        self.service = service


class ConnectionRevoked(ConnectedServiceError):
    """409: the service says that the user's permission is over; they must connect it again.

    Raise it too where the service refuses the token with a 401.
    """

    def __init__(self, service: str) -> None:
        super().__init__(409, "CONNECTION_REVOKED", f"Your connection to {service} has ended. Connect it again.")
        self.service = service


class ServiceUnavailable(ConnectedServiceError):
    """503: the service could not be asked, so nobody knows. The connection is as it was; `reason` is for the log."""

    def __init__(self, service: str, reason: str = "") -> None:
        message = f"{service} is unavailable. Try again shortly."
        super().__init__(503, "SERVICE_UNAVAILABLE", message, {"Retry-After": str(SOON_SECONDS)})
        self.service = service
        self.reason = reason


class AuthServerUnavailable(AuthError):
    """503: nobody knows who this is. Never to be read as "nobody", and never as anybody.

    `reason` is for the log: what went wrong, without any value of the request or the response. `is_outage`: as far as
    can be told, every check would have failed; it counts for the breaker.
    """

    def __init__(self, reason: str, *, is_outage: bool = False) -> None:
        message = "The auth server is unavailable. Try again shortly."
        super().__init__(503, "AUTH_SERVER_UNAVAILABLE", message, {"Retry-After": str(SOON_SECONDS)})
        self.reason = reason
        self.is_outage = is_outage
