"""The folder `.auth-sidecar`: secrets, data, logs, and what runs. Made once, and of nobody else's business."""

import fcntl
import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from auth_sidecar_server.errors import CONFIGURATION, CannotContinue

DEFAULT_FOLDER = ".auth-sidecar"
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
        self._lock: int | None = None

    def exists(self) -> bool:
        """Whether `up` has been here."""
        return (self.folder / "secrets.env").is_file()

    def make(self) -> None:
        """Private from the start, and ignored by git whatever the project's .gitignore says."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner = self.folder.stat().st_uid
            if owner != os.geteuid():
                raise CannotContinue(
                    f"{self.folder} belongs to another user (uid {owner}). Choose another folder: --state FOLDER",
                    CONFIGURATION,
                )
            self.folder.chmod(stat.S_IRWXU)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            (self.folder / ".gitignore").write_text("*\n")
        except OSError as error:
            raise CannotContinue(f"{self.folder} cannot be used: {error.strerror}", CONFIGURATION) from error

    def try_lock(self) -> bool:
        """False: another `up` has it. The system gives it back however this process ends."""
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        self._lock = lock
        return True

    def unlock(self) -> None:
        """For the next one."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def holder(self) -> int | None:
        """Who has the lock, or had it last."""
        path = self.folder / "lock"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return int(text) if text.isdecimal() else None

    def is_locked(self) -> bool:
        """Whether an `up` runs here. Leaves the lock as it is."""
        path = self.folder / "lock"
        if not path.exists():
            return False
        with path.open("r+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def secrets(self) -> dict[str, str]:
        """Made once. A secret that a later version needs is added to those that are there."""
        kept = self.read("secrets")
        made = {name: make() for name, make in _SECRETS.items() if name not in kept}
        if made:
            self.write("secrets", kept | made)
        return kept | made

    def read(self, name: str) -> dict[str, str]:
        """The variables of a file; none where there is no file."""
        path = self._variables(name)
        if not path.is_file():
            return {}
        lines = path.read_text(encoding="utf-8").splitlines()
        pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
        return {name: value.removeprefix("'").removesuffix("'") for name, _, value in pairs}

    def write(self, name: str, variables: dict[str, str]) -> None:
        """Quoted, so that a shell can read it too: `set -a; . .auth-sidecar/app.env`. Whole or not at all."""
        lines = [f"{name}='{value}'\n" for name, value in variables.items()]
        self._replace(self._variables(name), "".join(lines))

    def running(self) -> Running | None:
        """What the last `up` wrote; whether it still runs is another matter."""
        try:
            return Running(**json.loads((self.folder / "running.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_running(self, running: Running) -> None:
        """For the other commands, and for an `up` after one that was killed."""
        self._replace(self.folder / "running.json", json.dumps(asdict(running)))

    def forget_running(self) -> None:
        """Nothing runs any more."""
        (self.folder / "running.json").unlink(missing_ok=True)

    def _variables(self, name: str) -> Path:
        return self.folder / f"{name}.env"

    def _replace(self, path: Path, content: str) -> None:
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
        new.replace(path)
