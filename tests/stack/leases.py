"""How long a service may not know yet what was changed by SQL."""

import time

LEASE_SECONDS = 0.05


def outlast_leases() -> None:
    """After a commit by SQL, which has no answer that could be held back: from now on every request must know of it."""
    time.sleep(LEASE_SECONDS)
