"""The folder `.auth-sidecar`."""

import subprocess
import sys
from pathlib import Path

import pytest

from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.state import Running, State

_SOURCES = Path(__file__).parents[2] / "auth_sidecar_server" / "src"


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State(tmp_path / "below" / ".auth-sidecar")
    made.make()
    return made


def test_secrets_are_made_once_and_differ(state: State) -> None:
    first = state.secrets()

    assert state.secrets() == first
    assert len(set(first.values())) == len(first)
    assert State(state.folder).secrets() == first


def test_a_secret_that_a_later_version_needs_is_added(state: State) -> None:
    state.write("secrets", {"BETTER_AUTH_SECRET": "kept"})

    assert state.secrets()["BETTER_AUTH_SECRET"] == "kept"
    assert len(state.secrets()["INTERNAL_TOKEN"]) == 64


def test_everything_is_for_its_user_alone_whatever_it_was(state: State) -> None:
    state.folder.chmod(0o755)
    state.make()
    state.secrets()
    state.write_running(Running(1, "http://localhost:4000", "http://127.0.0.1:4001", "embedded", {}))

    modes = {path.name: path.stat().st_mode & 0o777 for path in state.folder.iterdir() if path.name != ".gitignore"}
    assert state.folder.stat().st_mode & 0o777 == 0o700
    assert {name for name, mode in modes.items() if mode & 0o077} == set()


def test_a_shell_reads_the_variables_too(state: State) -> None:
    state.write("app", {"CORS_ORIGIN": "http://localhost:4000,http://localhost:8000", "SPECIAL": "a $b `c` \\d"})

    script = f'. {state.folder}/app.env; printf "%s" "$SPECIAL"'
    assert subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout == "a $b `c` \\d"  # noqa: S603, S607 - the shell of the system
    assert state.read("app", ["SPECIAL"]) == {"SPECIAL": "a $b `c` \\d"}


def test_variables_that_up_does_not_write_are_not_read(state: State) -> None:
    state.write("app", {"NODE_OPTIONS": "--require=/evil.js", "CORS_ORIGIN": "http://localhost:4000"})

    assert state.read("app", ["CORS_ORIGIN"]) == {"CORS_ORIGIN": "http://localhost:4000"}


def test_only_one_has_the_lock_and_the_others_see_who(state: State) -> None:
    other = State(state.folder)

    assert not other.is_locked()
    assert state.try_lock()
    assert other.is_locked()
    assert not other.try_lock()
    assert other.holder() == state.holder()


def test_a_process_that_has_ended_has_no_lock(state: State) -> None:
    program = "import sys, pathlib; from auth_sidecar_server.state import State\n"
    program += "print(State(pathlib.Path(sys.argv[1])).try_lock())"
    command = [sys.executable, "-c", program, str(state.folder)]

    done = subprocess.run(command, env={"PYTHONPATH": str(_SOURCES)}, capture_output=True, text=True, check=True)  # noqa: S603 - our own program

    assert done.stdout == "True\n"
    assert state.holder() is not None
    assert not state.is_locked()


def test_what_was_written_half_is_nothing_that_runs(state: State) -> None:
    for content in ("", "{", '{"pid": 1}', "[]"):
        (state.folder / "running.json").write_text(content)
        assert state.running() is None


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotContinue, match="file/state cannot be used"):
        State(tmp_path / "file" / "state").make()
