"""Ports reserved for servers that tests start, and may restart."""

import contextlib
import secrets
import socket

# Below those that the system gives to whoever connects, or listens at any port.
_RANGE = range(20_000, 32_000)
_claims: list[socket.socket] = []
"""UDP sockets at the ports that were given out. Other runs look for ports at the same time, and long before anybody
listens at theirs: who cannot have the UDP port leaves the port alone. So does dev/src/processes/ports.ts."""


def free_port() -> int:
    (port,) = free_ports(1)
    return port


def free_ports(count: int) -> list[int]:
    """This run's until it ends."""
    found: list[int] = []
    # Not by `random`, which pytest-randomly begins anew with each test.
    for port in secrets.SystemRandom().sample(_RANGE, len(_RANGE)):
        with contextlib.suppress(OSError):
            _claim(port)
            found.append(port)
        if len(found) == count:
            return found
    message = f"no {count} free ports"
    raise RuntimeError(message)


def _claim(port: int) -> None:
    """Raises OSError where somebody has it, or will."""
    claim = socket.socket(type=socket.SOCK_DGRAM)
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
        claim.bind(("127.0.0.1", port))
    except OSError:
        claim.close()
        raise
    _claims.append(claim)
