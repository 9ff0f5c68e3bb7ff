"""`auth-sidecar up`: everything that a FastAPI app needs beside it, for development."""

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from auth_sidecar_server.errors import CONFIGURATION, CannotContinue
from auth_sidecar_server.interruption import Interruption
from auth_sidecar_server.options import add_state, chosen_state, port_number, web_address
from auth_sidecar_server.ports import refuse_taken
from auth_sidecar_server.processes import end_leftover
from auth_sidecar_server.programs import PAYLOAD, auth_server
from auth_sidecar_server.settings import (
    Choices,
    absolute_paths,
    backend_address,
    development,
    embedded_database,
    of_the_app,
    own_database,
)
from auth_sidecar_server.stack import Stack
from auth_sidecar_server.state import Running, State
from auth_sidecar_server.summary import say_running, say_started
from auth_sidecar_server.terminal import Terminal

_DATABASE = "DATABASE_URL"


def up(arguments: Sequence[str], own: Mapping[str, str], terminal: Terminal) -> int:
    """Runs until a signal; the exit code."""
    options = _parse(arguments, own)
    if own.get("NODE_ENV", "development") != "development":
        raise CannotContinue(
            f"auth-sidecar up is for development, and NODE_ENV is {own['NODE_ENV']}. In production: auth-sidecar serve",
            CONFIGURATION,
        )
    auth_server("serve")  # says what is missing before anything is made
    state = chosen_state(options.state, own)
    state.make()
    if not state.try_lock():
        say_running(terminal, state)
        return 0
    interruption = Interruption()
    interruption.listen()
    _end_leftovers(state)
    choices = Choices(options.port, options.internal_port, options.app_url)
    refuse_taken({"--port": choices.port, "--internal-port": choices.internal_port})
    terminal.say(f"{terminal.paint('bold', 'auth-sidecar')} {terminal.paint('dim', 'development')}\n")
    begin = time.monotonic()
    try:
        with Stack(state, interruption, terminal.step) as stack:
            server = _start(stack, state, own, choices)
            terminal.say(f"\nReady after {time.monotonic() - begin:.1f} s.")
            say_started(terminal, state, server)
            ended = stack.wait()
            raise CannotContinue(ended.why())
    finally:
        state.forget_running()  # the lock goes with this process: who waits for it finds nothing left
        terminal.say("\nStopped. The data is kept: auth-sidecar up brings it back.")


def _start(stack: Stack, state: State, own: Mapping[str, str], choices: Choices) -> dict[str, str]:
    """Everything; the settings of the auth server that were chosen here."""
    secrets = state.secrets()
    settings = development(own, secrets, choices)
    base = absolute_paths(own, Path.cwd())
    if _DATABASE in own:
        settings |= own_database(own) | backend_address(own, secrets)
    else:
        base = {name: value for name, value in base.items() if "DATABASE_URL" not in name}
        settings |= embedded_database(stack.start_database().admin_url, secrets)
    variables = base | settings
    stack.prepare_database(variables)
    state.write("server", settings)
    state.write("app", of_the_app(settings))
    serving = {name: value for name, value in variables.items() if name != "DATABASE_ADMIN_URL"}
    stack.start_auth_server(serving)
    children = {child.name: child.process.pid for child in stack.children}
    internal_url = f"http://127.0.0.1:{choices.internal_port}"
    database = "DATABASE_URL" if _DATABASE in own else "embedded"
    state.write_running(Running(os.getpid(), settings["PUBLIC_URL"], internal_url, database, children))
    return settings


def _end_leftovers(state: State) -> None:
    """Of an `up` that was killed: its auth server would keep the ports. PostgreSQL is found by its data."""
    left = state.running()
    if left is not None:
        for name, pid in left.children.items():
            if name != "postgres":
                end_leftover(pid, [str(PAYLOAD)])
    state.forget_running()


def _parse(arguments: Sequence[str], own: Mapping[str, str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="auth-sidecar up",
        description="Starts a database, the auth server and its sign-in pages beside your app, until Ctrl-C. "
        "DATABASE_URL names a PostgreSQL of your own. Every setting of the auth server is an environment variable.",
    )
    parser.add_argument(
        "--port", type=port_number, default=own.get("AUTH_PORT", "4000"), help="of the pages and /api/auth (4000)"
    )
    parser.add_argument(
        "--internal-port",
        type=port_number,
        default=own.get("AUTH_INTERNAL_PORT", "4001"),
        help="where your app asks who is behind a request (4001)",
    )
    parser.add_argument(
        "--app-url", type=web_address, help="your app: whoever has signed in goes on there (http://localhost:8000)"
    )
    add_state(parser)
    return parser.parse_args(arguments)
