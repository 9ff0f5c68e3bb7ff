"""A machine without Node, as far as a program can tell: its own PATH, home and environment."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from stack.orphans import guard, release
from stack.ports import free_ports
from stack.target import environment
from stack.waiting import eventually

# How pip reaches its index from here; nothing else of this machine's environment.
_INDEX = re.compile(r"PATH|HOME|TMPDIR|PIP_\w+|SSL_CERT_\w+|(?i:https_proxy|no_proxy)")
# What `up` may call of the system: for PostgreSQL as root.
_TOOLS = ("unshare", "setpriv")
SECONDS_TO_START = 90
SECONDS_TO_STOP = 40


def index_environment() -> dict[str, str]:
    """For pip."""
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_QUIET": "1"}
    return {name: value for name, value in environment.items() if _INDEX.fullmatch(name)} | quiet


@dataclass(frozen=True)
class Machine:
    """A virtual environment, and the folder of a project. `uid`: whose it is, where that is not ours."""

    venv: Path
    project: Path
    path: Path
    uid: int | None = None

    @property
    def command(self) -> list[str]:
        """As it was installed. Another user may not reach the Python of this one's home: it gets the system's."""
        if self.uid is None:
            return [str(self.venv / "bin" / "auth-sidecar")]
        python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
        assert python is not None, "a Python that every user can run"
        return [python, "-c", "import auth_sidecar_command; raise SystemExit(auth_sidecar_command.main())"]

    def environment(self, **more: str) -> dict[str, str]:
        """Of every program here."""
        (packages,) = self.venv.glob("lib/python*/site-packages")
        found = {} if self.uid is None else {"PYTHONPATH": str(packages)}
        return {"PATH": str(self.path), "HOME": str(self.project), **found, **more}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`auth-sidecar` with these arguments, to its end."""
        return subprocess.run(
            [*self.command, *arguments],
            cwd=self.project,
            env=self.environment(**more),
            user=self.uid,
            group=self.uid,
            extra_groups=None if self.uid is None else [],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, arguments: Sequence[str], **more: str) -> "Started":
        """The same, in the background."""
        with tempfile.NamedTemporaryFile(delete=False, suffix=".log") as output:
            process = subprocess.Popen(
                [*self.command, *arguments],
                cwd=self.project,
                env=self.environment(**more),
                user=self.uid,
                group=self.uid,
                extra_groups=None if self.uid is None else [],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        guard(process.pid)
        return Started(process, Path(output.name))

    def state(self, name: str) -> dict[str, str]:
        """The variables of a file of the state."""
        text = (self.project / ".auth-sidecar" / f"{name}.env").read_text()
        return dict(re.findall(r"(?m)^(\w+)='(.*)'$", text))


@dataclass(frozen=True)
class Started:
    """A command that runs."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def printed(self) -> str:
        """So far."""
        return self.log.read_text()

    def until_ready(self) -> None:
        """Until `up` has said what to do next."""
        eventually(lambda: "Ctrl-C stops" in self.printed or self.process.poll() is not None, SECONDS_TO_START)
        assert self.process.poll() is None, self.printed

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """To `up` alone, as a terminal's Ctrl-C would reach it; its exit code."""
        self.process.send_signal(number)
        try:
            return self.process.wait(SECONDS_TO_STOP)
        finally:
            self.end()

    def end(self) -> None:
        """Whatever it has come to."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        release(self.process.pid)
        self.log.unlink(missing_ok=True)


def of_project(folder: Path) -> list[str]:
    """The command lines of all processes that work in this folder, or on data in it."""
    found: list[str] = []
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal() or int(process.name) == os.getpid():
            continue
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((process / "cwd").readlink())
        except OSError:
            continue
        if command and (str(folder) in command or place.startswith(str(folder))):
            found.append(command)
    return found


def tools(folder: Path) -> Path:
    """A PATH with what every Linux has, and no Node."""
    folder.mkdir()
    for name in _TOOLS:
        for place in environment["PATH"].split(os.pathsep):
            if (Path(place) / name).is_file() and not (folder / name).exists():
                (folder / name).symlink_to(Path(place) / name)
    return folder


def up_ports() -> tuple[list[str], str, str]:
    """The options of an `up` of its own, and the addresses of its ports."""
    port, internal = free_ports(2)
    options = ["--port", str(port), "--internal-port", str(internal)]
    return options, f"http://localhost:{port}", f"http://127.0.0.1:{internal}"


def client(url: str) -> httpx.Client:
    """A browser of the pages at this address."""
    return httpx.Client(base_url=url, headers={"origin": url}, timeout=30, trust_env=False)


def make_venv(folder: Path, *packages: str | Path, find: Path) -> Path:
    """With pip, as the page shows it. The wheels are those in `find`, what they need is from the index."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    command = [folder / "bin" / "pip", "install", "--find-links", find, *packages]
    done = subprocess.run(command, env=index_environment(), capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return folder
