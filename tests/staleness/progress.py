"""How far a long run is, on the terminal."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from staleness.numbers import Numbers

SECONDS_BETWEEN_LINES = 30


@dataclass(frozen=True)
class Progress:
    requests: int
    """Of all faults together."""
    tell: Callable[[str], None]

    def until(self, requests: int) -> Callable[[Numbers], bool]:
        """Says that it is over after so many requests, and prints something meanwhile."""
        next_line = time.monotonic() + SECONDS_BETWEEN_LINES

        def stop(numbers: Numbers) -> bool:
            nonlocal next_line
            if time.monotonic() > next_line:
                next_line += SECONDS_BETWEEN_LINES
                self.tell(f"  {numbers.fault}: {numbers.requests:,} of {requests:,}")
            return numbers.requests >= requests

        return stop
