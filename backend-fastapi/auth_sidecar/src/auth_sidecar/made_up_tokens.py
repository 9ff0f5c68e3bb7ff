"""Where `auth_sidecar.testing` puts what `AuthSidecar.access_token` returns. Nothing else sets it."""

from collections.abc import Callable
from contextvars import ContextVar

made_up_tokens: ContextVar[Callable[[str, str], str] | None] = ContextVar("made_up_tokens", default=None)
"""Given a user's id and a service; None: the auth server is asked."""
