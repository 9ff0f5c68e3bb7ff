"""Where PostgreSQL's files are, and whose. PostgreSQL itself comes with the wheel: tests/wheel starts it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from auth_sidecar_server.account import Account, choose_account
from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.interruption import Interruption
from auth_sidecar_server.postgres import Database, start_postgres

# What these do of the programs of this name: initdb needs a library of the wheel, reads the password and makes files,
# as the account that it runs as.
_PROGRAMS = {
    "initdb": """
[ -f "${0%/*}/../../../package.libs/library" ] || exit 8
for argument; do
  case $argument in --pwfile=*) password=$(cat "${argument#--pwfile=}") || exit 9;; esac
done
echo "$password" > "$2/password-read"; : > "$2/PG_VERSION" """,
    "postgres": '[ "$1" = --version ] || exec sleep 60',
    "pg_isready": "exit 0",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir(mode=0o700)
    return tmp_path / "state" / "postgres"


@pytest.fixture
def account(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """For root that of a machine without user namespaces: there is no `unshare`."""
    binaries, tools = tmp_path / "package" / "native" / "bin", tmp_path / "tools"
    binaries.mkdir(parents=True)
    (tmp_path / "package.libs").mkdir()
    (tmp_path / "package.libs" / "library").touch()
    for name, script in _PROGRAMS.items():
        (binaries / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        (binaries / name).chmod(0o755)
    tools.mkdir()
    if (setpriv := shutil.which("setpriv")) is not None:
        (tools / "setpriv").symlink_to(setpriv)
    monkeypatch.setenv("PATH", str(tools))
    chosen = choose_account(binaries, folder)
    yield chosen
    if chosen.owner is not None:
        shutil.rmtree(chosen.folder.parent)


def _start(account: Account, folder: Path) -> Database:
    database = start_postgres(account, folder, folder.parent / "log", Interruption())
    database.child.stop()
    return database


def _password(database: Database) -> str:
    return database.admin_url.partition("@")[0].rpartition(":")[2]


def test_only_the_data_is_of_the_account_that_postgresql_runs_as(account: Account, folder: Path) -> None:
    assert (account.owner is not None) == (os.geteuid() == 0)

    database = _start(account, folder)

    for ours in (folder, folder / "password", folder / "port", account.folder, account.folder.parent):
        assert ours.stat().st_uid == os.geteuid(), ours
    data = account.folder / "data"
    assert data.stat().st_uid == (data / "PG_VERSION").stat().st_uid == (account.owner or os.geteuid())
    assert {path.name for path in account.folder.iterdir()} - {"password", "port"} == {"data"}
    assert (folder / "password").stat().st_mode & 0o777 == 0o600
    assert (folder / "password").read_text() == (data / "password-read").read_text().strip() == _password(database)


def test_data_and_port_are_kept(account: Account, folder: Path) -> None:
    first, second = _start(account, folder), _start(account, folder)

    assert first.admin_url == second.admin_url


def test_what_the_account_puts_into_the_data_is_not_followed(account: Account, folder: Path, tmp_path: Path) -> None:
    _start(account, folder)
    lock = account.folder / "data" / "postmaster.pid"

    lock.symlink_to(tmp_path / "victim")
    (tmp_path / "victim").write_text(f"{os.getpid()}\n")
    with pytest.raises(CannotContinue, match=r"postmaster\.pid cannot be read"):
        _start(account, folder)
    lock.unlink()
    os.mkfifo(lock)
    with pytest.raises(CannotContinue, match=r"postmaster\.pid is not a file"):
        _start(account, folder)


def test_a_port_that_is_a_link_is_replaced(account: Account, folder: Path, tmp_path: Path) -> None:
    _start(account, folder)
    (folder / "port").unlink()
    (tmp_path / "victim").write_text("mine")
    (folder / "port.new").symlink_to(tmp_path / "victim")

    _start(account, folder)

    assert (tmp_path / "victim").read_text() == "mine"


def test_without_the_password_data_is_begun_again_only_where_it_outlives_the_state(
    account: Account, folder: Path
) -> None:
    first = _start(account, folder)
    (folder / "password").unlink()

    if account.owner is None:
        with pytest.raises(CannotContinue, match="password is missing"):
            _start(account, folder)
    else:
        again = _start(account, folder)
        read = (account.folder / "data" / "password-read").read_text().strip()
        assert _password(first) != _password(again) == read


def test_a_folder_that_is_a_link_is_refused(account: Account, folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (tmp_path / "target").mkdir()
    folder.symlink_to(tmp_path / "target")

    with pytest.raises(CannotContinue, match="postgres is a symbolic link"):
        _start(account, folder)
