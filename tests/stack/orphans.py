"""Process groups that end with pytest even where it is killed: a process of ours waits for the end of a pipe."""

import atexit
import subprocess
import sys
import threading
from functools import cache

_KILL_WHAT_IS_LEFT = """
import os, signal, sys
left = set()
for line in sys.stdin:
    verb, group = line.split()
    (left.add if verb == "guard" else left.discard)(int(group))
for group in left:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
"""
_one_at_a_time = threading.Lock()


def guard(group: int) -> None:
    _tell("guard", group)


def release(group: int) -> None:
    """It has ended: its id may become another's."""
    _tell("release", group)


def _tell(verb: str, group: int) -> None:
    with _one_at_a_time:
        pipe = _guardian().stdin
        assert pipe is not None
        pipe.write(f"{verb} {group}\n")
        pipe.flush()


@cache
def _guardian() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _KILL_WHAT_IS_LEFT]
    # In a session of its own: a Ctrl-C must not end it before pytest.
    guardian = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)
    atexit.register(guardian.communicate)
    return guardian
