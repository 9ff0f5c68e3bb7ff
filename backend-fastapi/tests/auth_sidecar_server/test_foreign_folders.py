"""A state folder that somebody else has made, or may write to: a checkout, a folder below /tmp."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.processes import start
from auth_sidecar_server.state import State

_NOBODY = 65_534
_USES: dict[str, Callable[[State], object]] = {
    "make": State.make,
    "read": lambda state: state.read("app", ["NODE_OPTIONS"]),
    "holder": State.holder,
    "is_locked": State.is_locked,
    "is_ready": State.is_ready,
    "running": State.running,
}


def _of_another_user(folder: Path) -> Path:
    if os.geteuid() != 0:
        return Path("/usr")
    folder.mkdir(mode=0o700)
    os.chown(folder, _NOBODY, _NOBODY)
    return folder


def _link(folder: Path) -> Path:
    (folder.parent / "target").mkdir(mode=0o755)
    folder.symlink_to(folder.parent / "target")
    return folder


def _shared(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o770)
    return folder


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_of_another_user, "belongs to another user"),
        (_link, "is a symbolic link"),
        (_shared, "can be written to by other users"),
    ],
)
def test_no_command_uses_it(tmp_path: Path, use: str, made: Callable[[Path], Path], said: str) -> None:
    folder = made(tmp_path / "state")
    before = folder.stat()

    with pytest.raises(CannotContinue, match=said):
        _USES[use](State(folder))

    assert folder.stat().st_mode == before.st_mode
    assert said == "belongs to another user" or list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    state = State(tmp_path / "no" / "state")

    assert (state.read("app", ["A"]), state.holder(), state.is_locked()) == ({}, None, False)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file of the user's, to which a checkout has a link."""
    file = tmp_path / "victim"
    file.write_text("mine")
    return file


@pytest.mark.parametrize("name", [".gitignore", "app.env.new", "running.json"])
def test_a_link_in_the_folder_is_replaced(tmp_path: Path, victim: Path, name: str) -> None:
    state = State(tmp_path / "state")
    state.make()
    (state.folder / name).unlink(missing_ok=True)
    (state.folder / name).symlink_to(victim)

    state.make()
    state.write("app", {"A": "b"})

    assert victim.read_text() == "mine"
    assert (state.folder / ".gitignore").read_text() == "*\n"
    assert not (state.folder / ".gitignore").is_symlink()


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path, victim: Path) -> None:
    state = State(tmp_path / "state")
    state.make()
    (state.folder / "lock").symlink_to(victim)

    for use in (state.try_lock, state.is_locked):
        with pytest.raises(CannotContinue, match="lock cannot be used"):
            use()
    assert victim.read_text() == "mine"


def test_logs_that_are_links_are_refused(tmp_path: Path, victim: Path) -> None:
    state = State(tmp_path / "state")
    state.make()
    (state.logs / "server.log").symlink_to(victim)

    with pytest.raises(CannotContinue, match=r"server\.log cannot be written to"):
        start("server", ["true"], log=state.logs / "server.log", env={}, stop=[])
    assert victim.read_text() == "mine"

    (state.logs / "server.log").unlink()
    state.logs.rmdir()
    state.logs.symlink_to(tmp_path)
    with pytest.raises(CannotContinue, match="logs is a symbolic link"):
        state.make()


@pytest.mark.parametrize("text", ["", "0", "1", "-1", "2147483648", "9" * 30, "²", "7 8"])
def test_a_lock_names_one_process_or_none(tmp_path: Path, text: str) -> None:
    state = State(tmp_path / "state")
    state.make()
    (state.folder / "lock").write_text(text)

    assert state.holder() is None
