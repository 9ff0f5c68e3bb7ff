"""The embedded PostgreSQL: on 127.0.0.1 alone, with passwords, on a port that it keeps."""

import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from auth_sidecar_server.account import Account
from auth_sidecar_server.environment import machine_environment
from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.files import create_private, process_number, refuse_foreign, replace
from auth_sidecar_server.interruption import Interruption
from auth_sidecar_server.ports import free_port, is_free
from auth_sidecar_server.processes import Child, command_line, end_leftover, run, start, wait_until

_SECONDS_TO_START = 60
_PORT = re.compile("[1-9][0-9]{0,4}", re.ASCII)
_LARGEST = 4096
# Fast shutdown, then immediate.
_STOP = (signal.SIGINT, signal.SIGQUIT)
# The log has no addresses of mails in it: neither rows that broke a rule nor statements with their parameters.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True)
class Database:
    """A running server."""

    child: Child
    port: int
    admin_url: str


def start_postgres(account: Account, kept: Path, log: Path, interruption: Interruption) -> Database:
    """Makes the cluster where there is none, and returns when it accepts connections. `kept`: for password and port,
    which are ours even where the data is another account's."""
    kept.mkdir(mode=0o700, exist_ok=True)
    refuse_foreign(kept, "Remove it.")
    data = account.folder / "data"
    password = _kept(kept / "password")
    if password is None or not data.exists():
        password = secrets.token_hex(24)
        _initialise(account, data, password, interruption, keep_in=kept / "password")
    _forget_killed_server(data)
    port = _choose_port(kept / "port")
    settings = [argument for name, value in _SETTINGS.items() for argument in ("-c", f"{name}={value}")]
    command = [*account.prefix, str(account.binaries / "postgres"), "-D", str(data), "-p", str(port), *settings]
    child = start("postgres", command, log=log, env=machine_environment(), stop=_STOP)
    try:
        wait_until(lambda: _accepts(account, port), child, _SECONDS_TO_START, interruption)
    except BaseException:
        child.stop()
        raise
    return Database(child, port, f"postgres://postgres:{password}@127.0.0.1:{port}/postgres")


def _initialise(account: Account, data: Path, password: str, interruption: Interruption, *, keep_in: Path) -> None:
    """Beside its final place: an initdb that was killed leaves nothing that looks like a cluster."""
    if data.exists():
        _refuse_or_remove(account, data, keep_in)
    replace(keep_in, password)
    unfinished = data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _hand_over(account, os.open(unfinished, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC))
    password_file = data.with_name("password.new")
    _hand_over(account, create_private(password_file, password))
    login = ["--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    kind = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    command = [*account.prefix, str(account.binaries / "initdb"), "-D", str(unfinished), *login, *kind]
    try:
        run("initdb", command, env=machine_environment(), cwd=account.folder, interruption=interruption)
    finally:
        password_file.unlink(missing_ok=True)
    unfinished.rename(data)


def _refuse_or_remove(account: Account, data: Path, password_file: Path) -> None:
    """Data outside of the state is left behind when its user removes the state, to begin again."""
    if account.owner is None:
        raise CannotContinue(f"{password_file} is missing, and {data} is of no use without it. Bring it back.")
    _forget_killed_server(data)
    shutil.rmtree(data)


def _hand_over(account: Account, descriptor: int) -> None:
    try:
        account.own(descriptor)
    finally:
        os.close(descriptor)


def _forget_killed_server(data: Path) -> None:
    """After a kill the lock file names a server that still runs, or a number that is another program's by now."""
    lock = data / "postmaster.pid"
    pid = process_number((_kept(lock) or "").partition("\n")[0])
    if pid is not None and not end_leftover(pid, [str(data)]) and command_line(pid) != "":
        lock.unlink()


def _choose_port(kept_in: Path) -> int:
    """The one that it had last time where that is free: tools that look at the data keep their address."""
    kept = (_kept(kept_in) or "").strip()
    port = int(kept) if _PORT.fullmatch(kept) and is_free(int(kept)) else free_port()
    replace(kept_in, f"{port}\n")
    return port


def _kept(path: Path) -> str | None:
    """Of a small file; not of a pipe, a device or a link that somebody has put there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotContinue(f"{path} cannot be read: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CannotContinue(f"{path} is not a file. Remove it.")
        return file.read(_LARGEST).decode(errors="replace")


def _accepts(account: Account, port: int) -> bool:
    command = [str(account.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    return subprocess.run(command, env=machine_environment(), check=False).returncode == 0  # noqa: S603 - our own programs
