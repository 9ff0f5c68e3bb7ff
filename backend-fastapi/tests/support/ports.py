"""Ports reserved for servers that tests start, and may restart."""

import secrets
import socket

# Below those that the system gives to whoever connects, or listens at any port.
_RANGE = range(20_000, 32_000)
_claims: list[socket.socket] = []
"""UDP sockets at the ports that were given out. Other tests look for ports at the same time, and long before anybody
listens at theirs: who cannot have the UDP port leaves the port alone. So do dev/src/processes/ports.ts and
tests/stack/ports.py, which cannot be imported here: the backend's tests run without the rest of the repository's."""


def free_port() -> int:
    """This run's until it ends."""
    # Not by `random`, which pytest-randomly begins anew with each test.
    for port in secrets.SystemRandom().sample(_RANGE, len(_RANGE)):
        claim = socket.socket(type=socket.SOCK_DGRAM)
        try:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
            claim.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise RuntimeError("no free port")
