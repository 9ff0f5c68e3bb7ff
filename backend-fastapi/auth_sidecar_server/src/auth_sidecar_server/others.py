"""The commands beside a running `up`: down, status, run; and the auth server's own."""

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from auth_sidecar_server.errors import CONFIGURATION, USAGE, CannotContinue
from auth_sidecar_server.options import add_state, chosen_state
from auth_sidecar_server.programs import auth_server, postgres_binaries
from auth_sidecar_server.settings import OF_THE_APP, OF_THE_SERVER, absolute_paths
from auth_sidecar_server.state import State
from auth_sidecar_server.summary import say_running
from auth_sidecar_server.terminal import Terminal

_SECONDS_TO_STOP = 60
# In production: what is not in the environment is not set.
_OF_PRODUCTION = {"serve", "check-config"}
_EXIT_NOT_RUNNING = 3


def down(arguments: Sequence[str], own: Mapping[str, str], terminal: Terminal) -> int:
    """Stops the `up` of another terminal, and returns when nothing of it is left."""
    state = _state_of("down", "Stops what auth-sidecar up has started here.", arguments, own)
    pid = state.holder()
    if not state.is_locked() or pid is None:
        terminal.say("Nothing runs here.")
        return 0
    with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _SECONDS_TO_STOP
    while state.is_locked():
        if time.monotonic() > deadline:
            raise CannotContinue(f"The auth-sidecar up with pid {pid} has not stopped after {_SECONDS_TO_STOP} s.")
        time.sleep(0.05)
    terminal.say("Everything is stopped. The data is kept: auth-sidecar up brings it back.")
    return 0


def status(arguments: Sequence[str], own: Mapping[str, str], terminal: Terminal) -> int:
    """0 where it runs, else 3."""
    state = _state_of("status", "Says what runs here, and where.", arguments, own)
    if not state.is_locked():
        terminal.say("Nothing runs here. Start it: auth-sidecar up")
        return _EXIT_NOT_RUNNING
    say_running(terminal, state)
    return 0


def run(arguments: Sequence[str], own: Mapping[str, str], _terminal: Terminal) -> int:
    """Becomes the command, in an environment with the settings of auth_sidecar."""
    if not arguments or arguments[0].startswith("-"):
        raise CannotContinue("Say what to run: auth-sidecar run uvicorn app:app", USAGE)
    state = chosen_state(None, own)
    # The port may be another program's since: it would get the token, and what the app's users send.
    _refuse_unless_ready(state, "auth server", "Start it first, in another terminal: auth-sidecar up")
    settings = state.read("app", OF_THE_APP)
    # Where this command is installed, the app's own programs are too, whether or not the environment was activated.
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join([beside, own.get("PATH", os.defpath)])
    environment = {**settings, **own, "PATH": path}
    try:
        os.execvpe(arguments[0], list(arguments), environment)  # noqa: S606 - what the user asked for
    except OSError as error:
        raise CannotContinue(f"{arguments[0]} cannot be run: {error.strerror}", 127) from error


def pass_through(arguments: Sequence[str], own: Mapping[str, str]) -> int:
    """Becomes the auth server's command: the same arguments, output and exit codes."""
    command = auth_server(*arguments)
    environment = {**absolute_paths(own, Path.cwd()), "PATH": _with_postgres_tools(own)}
    if arguments[0] not in _OF_PRODUCTION and "DATABASE_URL" not in own:
        environment = _settings_of(chosen_state(None, own)) | environment
    os.execve(command[0], command, environment)  # noqa: S606 - our own program


def _with_postgres_tools(own: Mapping[str, str]) -> str:
    """`rehearse` copies with pg_dump where it finds one: the system's, else the one that came with PostgreSQL."""
    path = own.get("PATH", os.defpath)
    with contextlib.suppress(CannotContinue):
        return os.pathsep.join([path, str(postgres_binaries())])
    return path


def _settings_of(state: State) -> dict[str, str]:
    """Of the `up` in this folder, for commands on its database; nothing where there is none."""
    settings = state.read("server", OF_THE_SERVER)
    if "DATABASE_URL" not in settings:
        return {}
    _refuse_unless_ready(state, "database", "Start it with auth-sidecar up, or set DATABASE_URL.", CONFIGURATION)
    sys.stderr.write(f"auth-sidecar: on the development database of {state.folder}\n")
    return settings


def _refuse_unless_ready(state: State, what: str, instead: str, exit_code: int = 1) -> None:
    if state.is_ready():
        return
    if state.is_locked():
        raise CannotContinue(
            f"The {what} of {state.folder} is still starting. Try again when auth-sidecar up says that it is ready.",
            exit_code,
        )
    raise CannotContinue(f"The {what} of {state.folder} does not run. {instead}", exit_code)


def _state_of(name: str, description: str, arguments: Sequence[str], own: Mapping[str, str]) -> State:
    parser = argparse.ArgumentParser(prog=f"auth-sidecar {name}", description=description)
    add_state(parser)
    return chosen_state(parser.parse_args(arguments).state, own)
