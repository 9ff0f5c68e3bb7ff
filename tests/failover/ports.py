"""Ports for servers that stop and start again: below those that the system gives to whoever connects."""

import contextlib
import random
import socket

_RANGE = range(20_000, 32_000)


def lasting_ports(count: int) -> list[int]:
    found: list[int] = []
    for port in random.sample(_RANGE, len(_RANGE)):
        if len(found) == count:
            return found
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            found.append(port)
    message = f"no {count} free ports"
    raise RuntimeError(message)
