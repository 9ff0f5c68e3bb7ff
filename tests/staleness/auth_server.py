"""The auth server of the service under test, behind a proxy that can fail."""

from dataclasses import dataclass

import httpx

from stack.replica import Replica
from stack.target import Stack
from staleness.proxy import FeedProxy

LEASE_SECONDS = 0.2
"""Shorter than most of the faults: who relies on a lease that has run out must be caught."""
# A readiness probe checks nobody; no reader here does.
_PROBES = 'result="SESSION_REQUIRED"'


@dataclass(frozen=True)
class ProxiedAuthServer:
    """`private_url`: its private port itself; `proxied_url`: where the service finds it."""

    server: Replica
    private_url: str
    proxy: FeedProxy
    proxied_url: str

    def checks(self, stack: Stack) -> int:
        """How many sessions it has checked so far."""
        headers = {"x-internal-token": stack.internal_token}
        metrics = httpx.get(f"{self.private_url}/metrics", headers=headers, timeout=10, trust_env=False).text
        lines = [line for line in metrics.splitlines() if line.startswith("session_checks_total{")]
        return sum(int(line.rpartition(" ")[2]) for line in lines if _PROBES not in line)
