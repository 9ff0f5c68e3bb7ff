"""The files of this repository as they are committed, for tests of what its prose promises."""

import re
import subprocess
from functools import cache
from pathlib import Path

from stack.target import REPOSITORY

LOCKS = {
    "package-lock.json",
    "backend-fastapi/requirements.txt",
    "backend-fastapi/requirements-dev.txt",
    "bench/requirements.txt",
    "tests/clients/requirements.txt",
    "tests/failover/requirements.txt",
    "tests/orms/package-lock.json",
    "tests/orms/requirements.txt",
}


@cache
def tracked() -> tuple[str, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, capture_output=True, text=True
    ).stdout
    return tuple(path for path in listed.split("\0") if path and (REPOSITORY / path).is_file())


def text(path: str) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


@cache
def written() -> dict[str, str]:
    """Every tracked text file that is written by hand: path to text."""
    files: dict[str, str] = {}
    for path in tracked():
        if path not in LOCKS and Path(path).suffix not in {".png", ".ico", ".woff2"}:
            files[path] = text(path)
    return files


def lines_with(pattern: str, *, among: tuple[str, ...] = ()) -> list[str]:
    """`path:line: text` of every written line that matches; `among`: only files with these endings."""
    found = re.compile(pattern)
    return [
        f"{path}:{number}: {line.strip()}"
        for path, content in written().items()
        if not among or path.endswith(among)
        for number, line in enumerate(content.splitlines(), 1)
        if found.search(line)
    ]
