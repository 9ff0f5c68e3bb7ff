"""However the tests end, no process of a cluster outlives them, and no folder."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from failover.folder import processes
from stack.target import REPOSITORY
from stack.waiting import eventually

SECONDS_TO_END = 30
# Like PostgreSQL: in a session of its own, and in a folder below. What a shell starts in the background ignores Ctrl-C.
_TESTS_WITH_A_CLUSTER = """
import signal, sys
from failover.folder import cluster_folder, spawn
signal.signal(signal.SIGINT, signal.default_int_handler)
with cluster_folder() as folder:
    spawn(["sleep", "600"], folder / "node")
    spawn(["sh", "-c", "mkdir data && cd data && sleep 600"], folder / "node")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def tests() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _TESTS_WITH_A_CLUSTER],
        env={"PYTHONPATH": "tests", "PATH": "/usr/bin:/bin"},
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, None])
def test_nothing_is_left(tests: subprocess.Popen[str], number: signal.Signals | None) -> None:
    """None: they end by themselves."""
    with tests:
        assert tests.stdout is not None
        folder = Path(tests.stdout.readline().strip())
        eventually(lambda: len(processes(folder)) == 3, within_seconds=30)  # sleep; sh and its sleep

        if number is None:
            tests.communicate(timeout=SECONDS_TO_END)
        else:
            tests.send_signal(number)
            tests.wait(SECONDS_TO_END)

    eventually(lambda: processes(folder) == [] and not folder.exists(), within_seconds=30)
