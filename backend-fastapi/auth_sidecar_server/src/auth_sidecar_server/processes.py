"""Child processes: those that run until they are stopped, and those that end by themselves."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auth_sidecar_server.errors import CannotContinue
from auth_sidecar_server.interruption import Interruption

_LAST_LINES = 15
_LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Child:
    """Leads a process group of its own: Ctrl-C reaches the command alone, which then decides what ends when."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signals: tuple[signal.Signals, ...]

    def has_ended(self) -> bool:
        """Whether it runs no more, for whatever reason."""
        return self.process.poll() is not None

    def stop(self, patience_seconds: float = 15) -> None:
        """Asks, more firmly from signal to signal, and then ends it."""
        for number in self.stop_signals:
            _signal_group(self.process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience_seconds)
                break
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def why(self) -> str:
        """How it ended, and the last lines that it wrote."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return f"{self.name} ended (exit code {self.process.returncode}). The end of {self.log}:\n\n{last_lines(text)}"


def start(
    name: str, command: Sequence[str], *, log: Path, env: dict[str, str], stop: Sequence[signal.Signals]
) -> Child:
    """In the background, with its output in the file."""
    try:
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise CannotContinue(f"{log} cannot be written to: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    return Child(name, process, log, tuple(stop))


def run(name: str, command: Sequence[str], *, env: dict[str, str], cwd: Path, interruption: Interruption) -> None:
    """To its end. Where it fails, what it printed is shown, and its exit code is then ours."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        try:
            while process.poll() is None:
                interruption.check()
                time.sleep(_LOOK_EVERY_SECONDS)
        finally:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        message = f"{name} failed (exit code {process.returncode}):\n\n{last_lines(text)}"
        raise CannotContinue(message, max(process.returncode, 1))


def wait_until(is_ready: Callable[[], bool], child: Child, seconds: float, interruption: Interruption) -> None:
    """Raises where the child ends first, or takes too long."""
    deadline = time.monotonic() + seconds
    while True:
        answers = is_ready()
        interruption.check()
        # First of all: what answers may be another program that has its port.
        if child.has_ended():
            raise CannotContinue(child.why())
        if answers:
            return
        if time.monotonic() > deadline:
            raise CannotContinue(f"{child.name} is not ready after {seconds:.0f} s. What it says: {child.log}")
        time.sleep(_LOOK_EVERY_SECONDS)


def end_leftover(pid: int, marks: Sequence[str]) -> bool:
    """Ends a process of an `up` that was killed. By its command line: the number may be another program's by now."""
    if pid <= 1 or not any(mark in command_line(pid) for mark in marks):
        return False
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        _signal_group(pid, number)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if command_line(pid) == "":
                return True
            time.sleep(_LOOK_EVERY_SECONDS)
    return True


def command_line(pid: int) -> str:
    """Empty where there is no such process, or it only waits to be noticed (a zombie has no command line)."""
    if sys.platform == "linux":  # where `ps` may not be installed
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - the system's


def last_lines(text: str) -> str:
    """Indented, for a message."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-_LAST_LINES:])


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
