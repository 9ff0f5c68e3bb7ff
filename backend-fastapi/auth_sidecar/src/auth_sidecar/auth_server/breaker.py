"""Stops asking an auth server that is away: its outage must cost requests nothing but a clear answer."""

import random
import time

from auth_sidecar.clock import Clock

FAILURES = 5
"""In a row, from then on nobody asks but one at a time."""
OPEN_SECONDS = 0.5
"""Before the next one tries; up to half as much again, so that processes do not return all at once."""


class Breaker:
    """Closed: everybody may ask. Open: nobody, until it is time for one to try, and what comes of that decides."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._opens_until = 0.0
        self._is_trying = False
        self.times_opened = 0

    @property
    def is_open(self) -> bool:
        """Whether requests that have to ask are turned away."""
        return self._failures >= FAILURES

    def admit(self) -> bool:
        """Whether the caller may ask. One who may says what came of it: `succeed`, `fail` or `abandon`."""
        if not self.is_open:
            return True
        if self._is_trying or self._clock() < self._opens_until:
            return False
        self._is_trying = True
        return True

    def succeed(self) -> None:
        """The auth server has answered, whatever it said."""
        self._failures = 0
        self._is_trying = False

    def fail(self) -> None:
        """The auth server is away, or cannot answer anybody."""
        self.times_opened += self._failures == FAILURES - 1
        self._failures += 1
        self._is_trying = False
        self._opens_until = self._clock() + OPEN_SECONDS * random.uniform(1, 1.5)  # noqa: S311 - no secret

    def abandon(self) -> None:
        """Nothing is known: the caller has gone, or could not even ask."""
        self._is_trying = False
