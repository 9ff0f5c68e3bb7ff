"""Every error that this service expects, named after what the caller is told. Any other exception is a bug: 500.

The codes of a refused sign-in come from auth_sidecar and pass through as they are: SESSION_REQUIRED, INVALID_TOKEN,
SESSION_EXPIRED, BANNED_USER (401), INVALID_ORIGIN, MISSING_OR_NULL_ORIGIN (403), AUTH_SERVER_UNAVAILABLE (503). So do
those of its guards: SESSION_NOT_FRESH (403).
"""

from typing import ClassVar

SOON = {"Retry-After": "1"}


class AppError(Exception):
    """Rendered as `{"code", "message"}` with `status` and `headers`. A cause goes to the log only."""

    status: ClassVar[int]
    code: ClassVar[str]
    message: str
    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)


class BadRequest(AppError):
    status = 400
    code = "BAD_REQUEST"
    message = "The request is malformed."


class InvalidJson(AppError):
    status = 400
    code = "INVALID_JSON"
    message = "The body must be valid JSON."


class CorsRefused(AppError):
    """The response to a preflight. The browser tells the page only that the request failed."""

    status = 403
    code = "CORS_REFUSED"
    message = "This origin, method or header is not allowed."


class NotFound(AppError):
    status = 404
    code = "NOT_FOUND"
    message = "There is nothing here."


class MethodNotAllowed(AppError):
    status = 405
    code = "METHOD_NOT_ALLOWED"
    message = "This path does not support this method."


class RequestTimeout(AppError):
    """Closes the connection: the rest of the body would be read as the next request."""

    status = 408
    code = "REQUEST_TIMEOUT"
    message = "The request took too long to arrive."
    headers: ClassVar[dict[str, str]] = {"Connection": "close"}


class PayloadTooLarge(AppError):
    status = 413
    code = "PAYLOAD_TOO_LARGE"
    message = "A body may have at most 64 KiB."


class UnsupportedMediaType(AppError):
    status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"
    message = "Send the body as application/json."


class ValidationFailed(AppError):
    """Well-formed, but not what the route accepts. The message names fields and rules, never values."""

    status = 422
    code = "VALIDATION_ERROR"
    message = "The request is not valid."


class HeadersTooLarge(AppError):
    status = 431
    code = "HEADERS_TOO_LARGE"
    message = "The request line and headers may have at most 32 KiB."


class InternalError(AppError):
    status = 500
    code = "INTERNAL_ERROR"
    message = "Something went wrong on our side."


class HttpVersionNotSupported(AppError):
    status = 505
    code = "HTTP_VERSION_NOT_SUPPORTED"
    message = "This server supports HTTP/1.1 and HTTP/1.0."


class DatabaseUnavailable(AppError):
    """Also raised if a commit fails: nothing was acknowledged."""

    status = 503
    code = "DATABASE_UNAVAILABLE"
    message = "The database is unavailable. Try again shortly."
    headers = SOON


class DatabaseMisconfigured(AppError):
    """What no setting of a session can fix; the message says what to do."""

    status = 503
    code = "DATABASE_MISCONFIGURED"
    message = "The database is not set up as this service needs it."
    headers = SOON


class AppUserGone(AppError):
    """The app user that is cached with the caller's session no longer exists: their session must be checked again."""

    status = 503
    code = "APP_USER_GONE"
    message = "Your account has just changed. Try again shortly."
    headers = SOON

    def __init__(self, user_id: str) -> None:
        super().__init__()
        self.user_id = user_id


class ShuttingDown(AppError):
    """Readiness only: requests are still served."""

    status = 503
    code = "SHUTTING_DOWN"
    message = "This service is about to stop. Ask another one."
    headers = SOON


class MigrationsPending(AppError):
    """The schema is older than this code: `python -m app.migrate` brings it up to date."""

    status = 503
    code = "MIGRATIONS_PENDING"
    message = "The database is not migrated yet."
    headers = SOON
