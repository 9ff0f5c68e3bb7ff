"""The folder `.auth-sidecar`: secrets, data, logs, and what runs. Made once, and of nobody else's business."""

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from auth_sidecar_server.errors import CONFIGURATION, CannotContinue
from auth_sidecar_server.files import process_number, refuse_foreign, replace

DEFAULT_FOLDER = ".auth-sidecar"
_INSTEAD = "Remove it, or choose another folder: auth-sidecar up --state FOLDER, elsewhere AUTH_SIDECAR_STATE"
# Each as the auth server wants it.
_SECRETS = {
    "BETTER_AUTH_SECRET": lambda: secrets.token_hex(32),
    "INTERNAL_TOKEN": lambda: secrets.token_hex(32),
    "ENCRYPTION_KEYS": lambda: f"1:{secrets.token_hex(32)}",
    "AUTH_DB_PASSWORD": lambda: secrets.token_hex(24),
    "BACKEND_DB_PASSWORD": lambda: secrets.token_hex(24),
    "BACKEND_OWNER_DB_PASSWORD": lambda: secrets.token_hex(24),
}


@dataclass(frozen=True)
class Running:
    """An `auth-sidecar up`, and what it has started."""

    pid: int
    public_url: str
    internal_url: str
    database: str
    children: dict[str, int]


class State:
    """The folder of one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "logs"

    def make(self) -> None:
        """Private from the start, and ignored by git whatever the project's .gitignore says."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            refuse_foreign(self.folder, _INSTEAD)
            self.folder.chmod(stat.S_IRWXU)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            refuse_foreign(self.logs, "Remove it.")
            replace(self.folder / ".gitignore", "*\n")
        except OSError as error:
            raise CannotContinue(f"{self.folder} cannot be used: {error.strerror}", CONFIGURATION) from error

    def try_lock(self) -> bool:
        """False: another `up` has it. The system gives it back when this process has ended, however it does."""
        lock = self._open_lock(os.O_CREAT)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        return True

    def holder(self) -> int | None:
        """Who has the lock, or had it last."""
        return process_number(self._text("lock"))

    def is_locked(self) -> bool:
        """Whether an `up` runs here. Leaves the lock as it is."""
        if not self._is_there() or not (self.folder / "lock").exists():
            return False
        lock = self._open_lock()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def is_ready(self) -> bool:
        """Whether an `up` runs here and has started everything: what the files say is then its own."""
        running = self.running()
        return self.is_locked() and running is not None and running.pid == self.holder()

    def secrets(self) -> dict[str, str]:
        """Made once. A secret that a later version needs is added to those that are there."""
        kept = self.read("secrets", _SECRETS)
        made = {name: make() for name, make in _SECRETS.items() if name not in kept}
        if made:
            self.write("secrets", kept | made)
        return kept | made

    def read(self, name: str, known: Collection[str]) -> dict[str, str]:
        """The variables of a file; none where there is no file. Others than those that `up` writes are left out:
        NODE_OPTIONS or LD_PRELOAD in a checkout of somebody else's would decide what runs."""
        pairs = (line.partition("=") for line in self._text(_file(name)).splitlines())
        return {name: value.removeprefix("'").removesuffix("'") for name, _, value in pairs if name in known}

    def write(self, name: str, variables: dict[str, str]) -> None:
        """Quoted, so that a shell can read it too: `set -a; . .auth-sidecar/app.env`. Whole or not at all."""
        lines = [f"{name}='{value}'\n" for name, value in variables.items()]
        replace(self.folder / _file(name), "".join(lines))

    def running(self) -> Running | None:
        """What the last `up` wrote; whether it still runs is another matter."""
        try:
            return Running(**json.loads(self._text("running.json")))
        except (ValueError, TypeError):
            return None

    def write_running(self, running: Running) -> None:
        """For the other commands, and for an `up` after one that was killed."""
        replace(self.folder / "running.json", json.dumps(asdict(running)))

    def forget_running(self) -> None:
        """Nothing runs any more."""
        (self.folder / "running.json").unlink(missing_ok=True)

    def _is_there(self) -> bool:
        try:
            refuse_foreign(self.folder, _INSTEAD)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def _text(self, name: str) -> str:
        """Of a file; empty where there is none."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if self._is_there() and path.is_file() else ""

    def _open_lock(self, flags: int = 0) -> int:
        """Where it is a link, what it points to would be emptied."""
        path = self.folder / "lock"
        try:
            return os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600)
        except OSError as error:
            raise CannotContinue(f"{path} cannot be used: {error.strerror}", CONFIGURATION) from error


def _file(name: str) -> str:
    return f"{name}.env"
