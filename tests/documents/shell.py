"""Runs what a page shows, as a reader would: in a shell, at the addresses of the stack under test."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from stack.repository import text
from stack.target import Stack, environment
from stack.visitors import new_address

SECONDS = 300
_LOCKS = ("backend-fastapi/requirements-dev.txt", "bench/requirements.txt")
# What any program needs of the machine, and how pip reaches its index from here. No setting of the stack's.
_MACHINE = re.compile(r"PATH|HOME|TMPDIR|LANG|PIP_\w+|SSL_CERT_\w+|(?i:https_proxy|no_proxy)")
_LOCKED = re.compile(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?(==[^\\\n]+)")


@dataclass(frozen=True)
class Shell:
    """A folder, and the variables that commands have exported so far."""

    folder: Path
    variables: Mapping[str, str]

    def run(self, script: str) -> tuple[str, "Shell"]:
        """What it prints, and the shell after it. Fails with all that was printed where a command does."""
        after = self.folder / ".variables"
        done = subprocess.run(
            ["sh", "-euc", f"{script}\nenv -0 >.variables"],
            cwd=self.folder,
            env=dict(self.variables),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        pairs = (pair.partition("=") for pair in after.read_text().split("\0") if pair)
        return done.stdout, Shell(self.folder, {name: value for name, _, value in pairs})


def open_shell(folder: Path, **variables: str) -> Shell:
    """Its curl is a client of its own address, its pip installs the versions that this repository has locked."""
    (folder / ".curlrc").write_text(f'header = "x-real-ip: {new_address()}"\nmax-time = 30\n')
    (folder / "constraints.txt").write_text(_constraints())
    machine = {name: value for name, value in environment.items() if _MACHINE.fullmatch(name)}
    pip = {
        "PIP_CONSTRAINT": str(folder / "constraints.txt"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_COMPILE": "1",
        "PIP_QUIET": "1",
    }
    return Shell(folder, {**machine, **pip, "CURL_HOME": str(folder), **variables})


def at_stack(stack: Stack, shown: str) -> str:
    """The page's default addresses, replaced by the stack's."""
    addresses = {
        "http://localhost:3000": stack.frontend_url,
        "localhost:3000": urlsplit(stack.frontend_url).netloc,
        "localhost:4000": urlsplit(stack.auth_url).netloc,
        "localhost:4001": urlsplit(stack.auth_internal_url).netloc,
        "localhost:8000": urlsplit(stack.api_url).netloc,
    }
    shown = re.sub(r"127\.0\.0\.1:(?=[348]00[01])", "localhost:", shown)
    for default, address in addresses.items():
        shown = re.sub(rf"{re.escape(default)}\b", address, shown)
    return shown


def _constraints() -> str:
    """pip takes no hashes beside a wheel of our own, so the versions alone; the first file's where both name one."""
    locked: dict[str, str] = {}
    for lock in _LOCKS:
        for name, version in _LOCKED.findall(text(lock)):
            locked.setdefault(name, version.strip())
    return "".join(f"{name}{version}\n" for name, version in locked.items())
