"""How long a service may not know yet what was changed by SQL."""

import json
import time

from stack.target import REPOSITORY

_LEASE = json.loads((REPOSITORY / "contract" / "lease.json").read_text(encoding="utf-8"))
LEASE_SECONDS: float = _LEASE["leaseMs"] / 1000


def outlast_leases() -> None:
    """After a commit by SQL, which has no answer that could be held back: from now on every request must know of it."""
    time.sleep(LEASE_SECONDS)
