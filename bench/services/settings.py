"""The settings of the contenders: the only file here that reads the environment."""

import os


def setting(name: str) -> str:
    """Raises KeyError if a contender is started by hand without its settings."""
    return os.environ[name]
