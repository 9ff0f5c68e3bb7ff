"""The command `auth-sidecar`."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version

from auth_sidecar_server.environment import own_environment
from auth_sidecar_server.errors import UNAVAILABLE, CannotContinue, Interrupted
from auth_sidecar_server.others import down, pass_through, run, status
from auth_sidecar_server.terminal import Terminal
from auth_sidecar_server.up import up

Command = Callable[[Sequence[str], Mapping[str, str], Terminal], int]

_COMMANDS: dict[str, Command] = {"up": up, "down": down, "status": status, "run": run}
_HELP = """\
Sign-in for FastAPI apps: the auth server, without Node.

Usage: auth-sidecar COMMAND [ARGUMENTS]

For development, beside your app:
  up        start a database, the auth server and the sign-in pages
  run       run a command with the settings of your app: run uvicorn app:app
  status    what runs here, and where
  down      stop it, from another terminal

The auth server's own commands:
  serve     the server, by the rules of production: every setting is a variable
  migrate   bring the tables to what this version needs
  check-config, setup-database, make-admin, rotate-keys, doctor, import, rehearse, …
            On the database that DATABASE_URL names, or on that of `up` here

auth-sidecar up --help shows its options; --version the version.
"""


def main() -> int:
    """The exit code."""
    own = own_environment()
    try:
        _refuse_other_version()
        return _dispatch(sys.argv[1:], own)
    except CannotContinue as error:
        problems = Terminal(sys.stderr, own)
        problems.say(f"{problems.paint('red', '✗')} {error}")
        return error.exit_code
    except Interrupted as interrupted:
        return interrupted.exit_code
    except KeyboardInterrupt:
        return 130


def _dispatch(arguments: list[str], own: dict[str, str]) -> int:
    terminal = Terminal(sys.stdout, own)
    name, *others = arguments or ["help"]
    if name in {"help", "--help", "-h"}:
        terminal.say(_HELP.rstrip())
        return 0
    if name == "--version":
        terminal.say(f"auth-sidecar {version('auth-sidecar-server')}")
        return 0
    command = _COMMANDS.get(name)
    return pass_through(arguments, own) if command is None else command(others, own, terminal)


def _refuse_other_version() -> None:
    """What the server sends and what the package reads belong together."""
    package, server = version("auth-sidecar"), version("auth-sidecar-server")
    if package != server:
        raise CannotContinue(
            f"auth-sidecar {package} and auth-sidecar-server {server} do not belong together. "
            f'Install both: pip install --upgrade "auth-sidecar[server]"',
            UNAVAILABLE,
        )
