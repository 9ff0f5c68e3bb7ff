"""Stops asking an unavailable auth server: during an outage, requests must fail at once instead of waiting."""

import random
import time

from auth_sidecar.clock import Clock

FAILURES = 5
"""In a row. From then on, one check at a time may ask."""
OPEN_SECONDS = 0.5
"""Before the next one tries. Up to 50 % longer, so that processes do not return all at once."""


class Breaker:
    """Closed: every check may ask. Open: none, until it is time for one to try, whose outcome decides."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._opens_until = 0.0
        self._is_trying = False
        self.times_opened = 0

    @property
    def is_open(self) -> bool:
        """Whether checks that have to ask are refused."""
        return self._failures >= FAILURES

    def admit(self) -> bool:
        """Whether the caller may ask. If so, it must report the outcome: `succeed`, `fail` or `abandon`."""
        if not self.is_open:
            return True
        if self._is_trying or self._clock() < self._opens_until:
            return False
        self._is_trying = True
        return True

    def succeed(self) -> None:
        """The auth server has responded, with whatever result."""
        self._failures = 0
        self._is_trying = False

    def fail(self) -> None:
        """The auth server is unavailable, or cannot check anything."""
        self.times_opened += self._failures == FAILURES - 1
        self._failures += 1
        self._is_trying = False
        self._opens_until = self._clock() + OPEN_SECONDS * random.uniform(1, 1.5)  # noqa: S311 - no secret

    def abandon(self) -> None:
        """The outcome is unknown: the caller was cancelled, or could not ask."""
        self._is_trying = False
