"""The command `auth-sidecar`. A module of its own: the package with FastAPI takes half a second to load."""

import sys
from importlib import import_module
from importlib.util import find_spec

_MISSING = """\
✗ The auth server is not installed. Install it with the package:

    pip install "auth-sidecar[server]"

It needs Linux (glibc 2.28 or newer) or macOS 13.5, on x86-64 or ARM. Elsewhere, run the auth server in Docker.
"""
_EXIT_UNAVAILABLE = 69


def main() -> int:
    """The exit code. Everything but this file is in the package of the extra `server`."""
    if find_spec("auth_sidecar_server") is None:
        sys.stderr.write(_MISSING if (sys.stderr.encoding or "").lower().startswith("utf") else _MISSING[2:])
        return _EXIT_UNAVAILABLE
    return import_module("auth_sidecar_server.main").main()
