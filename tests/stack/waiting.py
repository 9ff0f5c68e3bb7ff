"""Waiting with a deadline, and how long a lease lasts."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
INTERVAL_SECONDS = 0.05
_LEASE = json.loads((Path(__file__).parents[2] / "contract" / "lease.json").read_text(encoding="utf-8"))
LEASE_SECONDS: float = _LEASE["defaultLeaseMs"] / 1000
"""How long a service may use a cached check that it could not repeat. The stacks under test leave it as it is."""


def eventually(look: Callable[[], T], within_seconds: float) -> T:
    """What `look` returns once it is true; fails with its last value when the deadline passes."""
    deadline = time.monotonic() + within_seconds
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"still {seen!r} after {within_seconds} s"
        time.sleep(INTERVAL_SECONDS)
