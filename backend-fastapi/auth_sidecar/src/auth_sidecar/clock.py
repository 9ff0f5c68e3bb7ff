"""The clocks: one for leases, one for expiry."""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Seconds. Only differences of two readings of the same clock mean anything, except for `time.time`."""


def choose_lease_clock() -> Clock:
    """A monotonic clock that goes on while the machine sleeps: a lease from before a suspend must have run out after.

    Linux' CLOCK_MONOTONIC, which `time.monotonic` reads, stands still meanwhile; macOS' does not, but there Python
    reads another one.
    """
    if sys.platform == "linux":
        return partial(time.clock_gettime, time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return partial(time.clock_gettime, time.CLOCK_MONOTONIC)
    return time.monotonic
