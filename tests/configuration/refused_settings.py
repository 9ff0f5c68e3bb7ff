"""How a service must refuse to start."""

import subprocess
from collections.abc import Callable, Sequence
from itertools import zip_longest

from stack.processes import Environment

EX_CONFIG = 78
MARK = "zx81"
"""Stands in bad values that must not be printed."""

BadValues = dict[str, Sequence[str | None]]
"""For each variable the values it must not have; None: not set at all."""

Bad = dict[str, str | None]

Start = Callable[[Environment], subprocess.CompletedProcess[str]]


def rounds(bad: BadValues) -> list[Bad]:
    """Every bad value once, in as few starts as possible: one for each variable at a time."""
    columns = [[(name, value) for value in values] for name, values in bad.items()]
    return [dict(pair for pair in row if pair is not None) for row in zip_longest(*columns)]


def assert_refuses_to_start(start: Start, good: Environment, bad: Bad) -> None:
    """Exit 78, every bad variable named, none of their values shown, and no stack."""
    environment = {**good, **{name: value or "" for name, value in bad.items()}}
    done = start({name: value for name, value in environment.items() if bad.get(name, value) is not None})

    printed = done.stdout + done.stderr
    assert done.returncode == EX_CONFIG, printed
    assert [name for name in bad if name not in printed] == [], printed
    assert MARK not in printed.lower(), printed
    assert "Traceback" not in printed
    assert "    at " not in printed
