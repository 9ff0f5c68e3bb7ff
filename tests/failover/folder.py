"""One folder that every process of a cluster works in. Whatever works there is the cluster's: PostgreSQL leaves the
process group of whoever starts it, but not its folder."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path

from stack.processes import only
from stack.waiting import eventually

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of ours in it
_BYTES = 1 << 30
# Waits for the end of its input, which comes when the tests end, however they end; then it leaves nothing behind.
_CLEANER = """
import sys
sys.path.insert(0, sys.argv[1])
from failover.folder import remove
sys.stdin.read()
remove(sys.argv[2])
"""
_TESTS = Path(__file__).parents[1]


@contextlib.contextmanager
def cluster_folder() -> Generator[Path]:
    """In memory where there is room."""
    has_room = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _BYTES
    folder = Path(tempfile.mkdtemp(prefix="failover-", dir=_IN_MEMORY if has_room else None))
    command = [sys.executable, "-c", _CLEANER, str(_TESTS), str(folder)]
    # In a session of its own: a Ctrl-C must not end it before pytest.
    cleaner = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield folder
    finally:
        cleaner.communicate()


def spawn(command: Sequence[str | Path], folder: Path) -> None:
    """Lets go of it: from here on it is known by its folder."""
    folder.mkdir(exist_ok=True)
    with (folder / "log").open("ab") as log:
        subprocess.run(["setsid", "--fork", *command], env=only({}), cwd=folder, stdout=log, stderr=log, check=True)


def remove(folder: str) -> None:
    kill(Path(folder))
    shutil.rmtree(folder)


def processes(folder: Path) -> list[int]:
    """Whoever works in the folder or below it."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _works_in(entry, folder)]


def kill(folder: Path) -> None:
    """All at once, until none is left: one may be starting another."""

    def nobody_left() -> bool:
        left = processes(folder)
        send(left, signal.SIGKILL)
        return not left

    eventually(nobody_left, within_seconds=20)


def send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _works_in(process: Path, folder: Path) -> bool:
    try:
        at = str((process / "cwd").readlink())
    except OSError:  # it has ended, or is another user's
        return False
    return at == str(folder) or at.startswith(f"{folder}/")
