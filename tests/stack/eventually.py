"""Waiting without guessing how long."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
INTERVAL_SECONDS = 0.05


def eventually(look: Callable[[], T], within_seconds: float) -> T:
    """What `look` returns once it is true; fails with its last value when the deadline passes."""
    deadline = time.monotonic() + within_seconds
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"still {seen!r} after {within_seconds} s"
        time.sleep(INTERVAL_SECONDS)
