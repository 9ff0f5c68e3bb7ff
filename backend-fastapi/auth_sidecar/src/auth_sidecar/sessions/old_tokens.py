"""Counts what the auth server says of the tokens of an old system: docs/old-tokens.md."""

import logging

from auth_sidecar.check_result import CheckResult
from auth_sidecar.errors import OldTokenRefused, OldTokensOver, Unauthenticated

_log = logging.getLogger("auth_sidecar")


class OldTokenCounts:
    """Since the start of the process. Those that are accepted from the cache are counted there."""

    def __init__(self) -> None:
        self.accepted = 0
        self.refused = 0
        self._has_noted_end = False

    def note_user(self, result: CheckResult) -> None:
        """The auth server has found one."""
        self.accepted += result.identity.session.is_old_token

    def note_nobody(self, error: Unauthenticated) -> None:
        """The auth server has found none."""
        if not isinstance(error, OldTokenRefused):
            return
        self.refused += 1
        if isinstance(error, OldTokensOver) and not self._has_noted_end:
            self._has_noted_end = True
            _log.warning("tokens of the old system count no more, and some still come: OLD_TOKENS_UNTIL has passed")
