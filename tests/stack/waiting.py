"""Waiting: with a deadline for what can be seen, and for the lease that no request shows."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
INTERVAL_SECONDS = 0.05
_LEASE = json.loads((Path(__file__).parents[2] / "contract" / "lease.json").read_text(encoding="utf-8"))
LEASE_SECONDS: float = _LEASE["firstVersionLeaseMs"] / 1000
"""How long a service may use a cached check that it could not repeat."""


def eventually(look: Callable[[], T], within_seconds: float) -> T:
    """What `look` returns once it is true; fails with its last value when the deadline passes."""
    deadline = time.monotonic() + within_seconds
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"still {seen!r} after {within_seconds} s"
        time.sleep(INTERVAL_SECONDS)


def outlast_leases() -> None:
    """After what holds no response back (a commit by SQL, a service stopped): no earlier check is used any more."""
    time.sleep(LEASE_SECONDS)
