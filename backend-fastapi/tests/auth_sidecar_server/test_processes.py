"""Child processes of `up`."""

import subprocess
import sys
from pathlib import Path

import pytest

from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.interruption import Interruption
from auth_sidecar_server.processes import start, wait_until

_SOURCES = Path(__file__).parents[2] / "auth_sidecar_server" / "src"


def test_an_answer_is_not_that_of_a_child_that_has_ended(tmp_path: Path) -> None:
    child = start("server", ["/bin/sh", "-c", "echo taken; exit 3"], log=tmp_path / "log", env={}, stop=[])
    child.process.wait(10)

    # Somebody else has the port, and answers.
    with pytest.raises(CannotContinue, match="server ended \\(exit code 3\\)"):
        wait_until(lambda: True, child, 10, Interruption())


def test_a_child_that_runs_and_answers_is_ready(tmp_path: Path) -> None:
    child = start("server", ["/bin/sh", "-c", "exec sleep 60"], log=tmp_path / "log", env={}, stop=[])
    answers = iter([False, True])

    wait_until(lambda: next(answers), child, 10, Interruption())

    assert not child.has_ended()
    child.stop()


def test_no_leftover_is_the_group_of_ones_own() -> None:
    program = "from auth_sidecar_server.processes import end_leftover; print(end_leftover(0, ['']))"

    done = subprocess.run(  # noqa: S603 - our own program, in a group that may end
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(_SOURCES)},
        start_new_session=True,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "False\n")
