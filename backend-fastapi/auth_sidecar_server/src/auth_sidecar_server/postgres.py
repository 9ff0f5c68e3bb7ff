"""The embedded PostgreSQL: on 127.0.0.1 alone, with passwords, on a port that is kept with its data."""

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from auth_sidecar_server.account import Account
from auth_sidecar_server.environment import machine_environment
from auth_sidecar_server.interruption import Interruption
from auth_sidecar_server.ports import free_port, is_free
from auth_sidecar_server.processes import Child, command_line, end_leftover, run, start, wait_until

_SECONDS_TO_START = 60
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


def start_postgres(account: Account, log: Path, interruption: Interruption) -> Database:
    """Makes the cluster where there is none, and returns when it accepts connections."""
    data = account.folder / "data"
    password_file = account.folder / "password"
    if not data.exists():
        _initialise(account, data, password_file, interruption)
    _forget_killed_server(data)
    port = _choose_port(account.folder / "port")
    settings = [argument for name, value in _SETTINGS.items() for argument in ("-c", f"{name}={value}")]
    command = [*account.prefix, str(account.binaries / "postgres"), "-D", str(data), "-p", str(port), *settings]
    child = start("postgres", command, log=log, env=machine_environment(), stop=_STOP)
    try:
        wait_until(lambda: _accepts(account, port), child, _SECONDS_TO_START, interruption)
    except BaseException:
        child.stop()
        raise
    password = password_file.read_text(encoding="utf-8")
    return Database(child, port, f"postgres://postgres:{password}@127.0.0.1:{port}/postgres")


def _initialise(account: Account, data: Path, password_file: Path, interruption: Interruption) -> None:
    """Beside its final place: an initdb that was killed leaves nothing that looks like a cluster."""
    unfinished = data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file.unlink(missing_ok=True)
    with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets.token_hex(24))
    account.own(password_file)
    login = ["--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    kind = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    command = [*account.prefix, str(account.binaries / "initdb"), "-D", str(unfinished), *login, *kind]
    run("initdb", command, env=machine_environment(), cwd=account.folder, interruption=interruption)
    unfinished.rename(data)


def _forget_killed_server(data: Path) -> None:
    """After a kill the lock file names a server that still runs, or a number that is another program's by now."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    first_line = lock.read_text(encoding="utf-8").partition("\n")[0]
    if not first_line.isdecimal():
        return
    pid = int(first_line)
    if not end_leftover(pid, [str(data)]) and command_line(pid) != "":
        lock.unlink()


def _choose_port(kept_in: Path) -> int:
    """The one that it had last time where that is free: tools that look at the data keep their address."""
    kept = kept_in.read_text(encoding="utf-8").strip() if kept_in.exists() else ""
    port = int(kept) if kept.isdecimal() and is_free(int(kept)) else free_port()
    kept_in.write_text(f"{port}\n", encoding="utf-8")
    return port


def _accepts(account: Account, port: int) -> bool:
    command = [str(account.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    return subprocess.run(command, env=machine_environment(), check=False).returncode == 0  # noqa: S603 - our own programs
