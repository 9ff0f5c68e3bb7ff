"""Runs other projects' clients in a venv of their own: this project is not installed there."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stack.target import REPOSITORY, environment

PROGRAMS = Path(__file__).parent / "programs"
VENV = REPOSITORY / ".local" / "clients-venv"


def run(
    command: list[str | Path],
    cwd: Path = REPOSITORY,
    variables: Mapping[str, str] | None = None,
    deadline_seconds: int = 240,
) -> str:
    """Its output. Fails with all that it printed."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**environment, **(variables or {})},
        capture_output=True,
        text=True,
        timeout=deadline_seconds,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def run_program(name: str, given: dict[str, object], generated: Path = PROGRAMS) -> Any:  # noqa: ANN401 - its JSON
    """What it printed last. A warning in it is an error. `generated`: the folder of a client that it imports."""
    command = [VENV / "bin" / "python", "-W", "error", PROGRAMS / name, json.dumps(given)]
    printed = run(command, variables={"PYTHONPATH": str(generated)})
    return json.loads(printed.splitlines()[-1])
