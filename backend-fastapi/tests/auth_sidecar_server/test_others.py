"""The commands beside `up`. Each ends its process or becomes another program, so it runs in one of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auth_sidecar_server.state import Running, State

_SOURCES = Path(__file__).parents[2] / "auth_sidecar_server" / "src"
_PROGRAM = """
import sys
from auth_sidecar_server.environment import own_environment
from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.others import down, run
from auth_sidecar_server.terminal import Terminal
command = {"down": down, "run": run}[sys.argv[1]]
try:
    raise SystemExit(command(sys.argv[2:], own_environment(), Terminal(sys.stdout, {})))
except CannotContinue as error:
    sys.exit(f"refused: {error}")
"""
_SHOW = ("sh", "-c", 'echo "$INTERNAL_TOKEN,$NODE_OPTIONS"')


@pytest.fixture
def state(tmp_path: Path) -> State:
    """As an `up` has left it."""
    made = State(tmp_path / ".auth-sidecar")
    made.make()
    made.write(
        "app", {"AUTH_SERVER_URL": "http://127.0.0.1:4001", "INTERNAL_TOKEN": "token", "NODE_OPTIONS": "-r evil"}
    )
    return made


def _call(state: State, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROGRAM, *arguments],
        cwd=state.folder.parent,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_SOURCES)},
        start_new_session=True,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def _note_running(state: State, pid: int) -> None:
    state.write_running(Running(pid, "http://localhost:4000", "http://127.0.0.1:4001", "embedded", {}))


def test_run_gives_the_app_its_settings_and_nothing_else(state: State) -> None:
    assert state.try_lock()
    _note_running(state, os.getpid())

    assert _call(state, "run", *_SHOW).stdout == "token,\n"


def test_run_refuses_where_up_runs_no_more(state: State) -> None:
    (state.folder / "lock").write_text(str(os.getpid()))
    _note_running(state, os.getpid())

    refused = _call(state, "run", *_SHOW)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "does not run. Start it first, in another terminal: auth-sidecar up" in refused.stderr


@pytest.mark.parametrize("is_noted", [False, True])
def test_run_waits_for_no_settings_of_an_up_before_this_one(state: State, is_noted: bool) -> None:
    assert state.try_lock()
    if is_noted:
        _note_running(state, os.getpid() + 1)  # of one that was killed

    refused = _call(state, "run", *_SHOW)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "is still starting" in refused.stderr


@pytest.mark.parametrize("pid", ["0", "99999999999999999999"])
def test_down_signals_one_process_or_none(state: State, pid: str) -> None:
    assert state.try_lock()
    (state.folder / "lock").write_text(pid)

    done = _call(state, "down")

    assert (done.returncode, done.stdout) == (0, "Nothing runs here.\n")
