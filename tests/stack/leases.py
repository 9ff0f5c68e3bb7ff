"""How long a service may use a cached check that it could not make again."""

import json
import time
from pathlib import Path

_LEASE = json.loads((Path(__file__).parents[2] / "contract" / "lease.json").read_text(encoding="utf-8"))
LEASE_SECONDS: float = _LEASE["leaseMs"] / 1000


def outlast_leases() -> None:
    """For what holds no response back (a commit by SQL, a service gone): no earlier check is used afterwards."""
    time.sleep(LEASE_SECONDS)
