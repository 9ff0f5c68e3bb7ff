"""What `dev/install.sh` shows while it works, and that pip goes on where uv cannot.

npm and uv are replaced: these tests decide how long they take and how they end.
"""

import hashlib
import os
import pty
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stack.target import REPOSITORY, environment


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "dev").mkdir()
    shutil.copy(REPOSITORY / "dev" / "install.sh", tmp_path / "dev")
    for name in ("package-lock.json", ".npmrc"):
        (tmp_path / name).touch()
    return tmp_path


def _command(clone: Path, npm: str) -> tuple[list[str], dict[str, str]]:
    """Installs with an npm that does this in the clone."""
    tools = clone / "tools"
    tools.mkdir()
    (tools / "npm").write_text(f"#!/bin/sh\n{npm}\n")
    (tools / "npm").chmod(0o755)
    path = f"{tools}:{environment['PATH']}"
    return [str(clone / "dev" / "install.sh"), "node"], {"PATH": path, "TERM": "xterm"}


def _install(clone: Path, npm: str) -> subprocess.CompletedProcess[str]:
    command, variables = _command(clone, npm)
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)


def test_each_step_has_a_line_before_it_and_one_with_its_time(clone: Path) -> None:
    installed = _install(clone, "mkdir node_modules")

    assert installed.returncode == 0
    assert re.fullmatch(
        r"Installing what the lock files name:\n"
        r"  … node     the packages of package-lock.json\n"
        r"  ✓ node     \d+ s\n\n",
        installed.stdout,
    )


def test_nothing_is_said_when_there_is_nothing_to_do(clone: Path) -> None:
    assert _install(clone, "mkdir node_modules").returncode == 0
    shutil.rmtree(clone / "tools")

    again = _install(clone, "exit 1")

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_failure_shows_the_end_of_the_log_and_where_the_rest_is(clone: Path) -> None:
    failed = _install(clone, "seq 100; exit 7")

    assert failed.returncode == 1
    assert re.search(r"(?m)^  ✗ node     \d+ s$", failed.stdout)
    said = failed.stderr.splitlines()
    assert "✗ Installing for node failed. It said, at the end of .local/install-node.log:" in said
    assert said[-1] == "    100"
    assert "    50" not in said
    assert (clone / ".local" / "install-node.log").read_text().startswith("1\n2\n")


def test_at_a_terminal_it_is_seen_to_go_on(clone: Path) -> None:
    command, variables = _command(clone, "while [ ! -e seen ]; do sleep 0.05; done; mkdir node_modules")
    master, terminal = pty.openpty()
    with subprocess.Popen(command, env=variables, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        while not re.search(rb"\r\x1b\[K  [-|/\\] node \d+ s", shown):
            shown += os.read(master, 1000)
        (clone / "seen").touch()
        while b"\xe2\x9c\x93 node" not in shown:  # ✓
            shown += os.read(master, 1000)
        assert process.wait(timeout=60) == 0
    os.close(master)


def test_what_uv_cannot_install_pip_does(clone: Path, tmp_path: Path) -> None:
    wheel = _wheel(tmp_path)
    (clone / "tests" / "clients").mkdir(parents=True)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (clone / "tests" / "clients" / "requirements.txt").write_text(f"tiny @ {wheel.as_uri()} --hash=sha256:{digest}\n")
    tools = clone / ".venv" / "bin"
    tools.mkdir(parents=True)
    (tools / "uv").write_text("#!/bin/sh\necho 'uv has no such index' >&2\nexit 2\n")
    (tools / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)

    installed = subprocess.run(
        [str(clone / "dev" / "install.sh"), "clients"],
        env={"PATH": environment["PATH"], "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    log = (clone / ".local" / "install-clients.log").read_text()
    assert installed.returncode == 0, log
    assert "uv has no such index" in log
    python = clone / ".local" / "clients-venv" / "bin" / "python"
    assert subprocess.run([python, "-c", "import tiny"], check=False).returncode == 0


def _wheel(folder: Path) -> Path:
    """The least that pip installs."""
    wheel = folder / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
        archive.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.dist-info/RECORD", "tiny.py,,\n")
    return wheel
