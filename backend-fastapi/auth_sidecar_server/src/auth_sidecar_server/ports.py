"""Ports of this machine."""

import errno
import random
import socket

from auth_sidecar_server.errors import CONFIGURATION, CannotContinue

# Below the range that Linux and macOS take ports of outgoing connections from: nobody's local port can get in between.
_FIRST, _LAST = 20_000, 32_000


def refuse_taken(wanted: dict[str, int]) -> None:
    """Raises with a line for each port that another program has. By the option that chooses it."""
    taken = [
        f"Port {port} is taken by another program. Stop that one, or choose another port: "
        f"auth-sidecar up {option} {_similar(port, set(wanted.values()))}"
        for option, port in wanted.items()
        if not is_free(port)
    ]
    if taken:
        raise CannotContinue("\n  ".join(taken), CONFIGURATION)


def is_free(port: int) -> bool:
    """On both sides of `localhost`: a browser reaches a listener on ::1 before it tries 127.0.0.1."""
    return _can_listen(socket.AF_INET, "127.0.0.1", port) and _can_listen(socket.AF_INET6, "::1", port)


def free_port() -> int:
    """Any. Random, so that two that start at once do not choose the same."""
    for _ in range(1000):
        port = random.randint(_FIRST, _LAST)  # noqa: S311 - chosen to differ, not to be secret
        if is_free(port):
            return port
    raise CannotContinue(f"There is no free port between {_FIRST} and {_LAST}.")


def _similar(port: int, reserved: set[int]) -> int:
    for other in range(port + 100, 65_536, 100):
        if other not in reserved and is_free(other):
            return other
    return free_port()


def _can_listen(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except PermissionError:
        return False
    except OSError as error:
        # Other errors say that the machine has no such address, which is as good as free.
        return error.errno != errno.EADDRINUSE
    return True
