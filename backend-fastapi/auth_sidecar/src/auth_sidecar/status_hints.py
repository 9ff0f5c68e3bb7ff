"""What a status of the auth server says about this service's settings, for the operator's log."""

from http import HTTPStatus

_HINTS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: (
        "AUTH_SERVER_URL leads to the auth server's public port, or to another program; use its private port "
        "(AUTH_INTERNAL_PORT, 4001 by default)"
    ),
    HTTPStatus.FORBIDDEN: "INTERNAL_TOKEN is not the one that the auth server has",
}


def reason_for(status: int) -> str:
    """The status, and where a setting explains it, which one and what to set."""
    hint = _HINTS.get(status)
    return f"status {status}" if hint is None else f"status {status}: {hint}"
