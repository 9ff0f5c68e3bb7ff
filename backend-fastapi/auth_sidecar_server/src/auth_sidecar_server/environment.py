"""The environment of this process, and the only file that reads it."""

import os
from collections.abc import Iterable

# What any program needs of the machine; the rest of a database server's environment is nobody's to set.
_MACHINE = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LC_ALL")


def own_environment() -> dict[str, str]:
    """An empty value means "not set", as for the auth server."""
    return {name: value for name, value in os.environ.items() if value != ""}


def machine_environment() -> dict[str, str]:
    """Of a program that shall not be told anything else."""
    return _only(_MACHINE)


def _only(names: Iterable[str]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}
