"""What several commands take on their command line."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from auth_sidecar_server.state import DEFAULT_FOLDER, State

_VARIABLE = "AUTH_SIDECAR_STATE"
_LAST_PORT = 65_535


def add_state(parser: argparse.ArgumentParser) -> None:
    """The folder of the state."""
    parser.add_argument(
        "--state", metavar="FOLDER", help=f"where secrets, data and logs are ({DEFAULT_FOLDER}, or {_VARIABLE})"
    )


def chosen_state(option: str | None, own: Mapping[str, str]) -> State:
    """Of the option, of the variable, or of the folder that one stands in."""
    return State(Path.cwd() / (option or own.get(_VARIABLE) or DEFAULT_FOLDER))


def port_number(text: str) -> int:
    """For argparse."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= _LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port number")


def web_address(text: str) -> str:
    """For argparse; the auth server checks the rest."""
    at = urlsplit(text)
    if at.scheme in {"http", "https"} and at.hostname:
        return text
    raise argparse.ArgumentTypeError(f"{text} is not an http(s) address")
