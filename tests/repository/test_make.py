"""Every make target has its line in `make help`."""

import re
import subprocess

import pytest

from stack.repository import text
from stack.target import REPOSITORY

EXPECTED = (
    *("help", "up", "down", "status", "logs", "check", "test", "test-unit", "test-e2e", "test-browser", "test-compose"),
    *("migrate", "seed", "reset", "psql", "backup", "admin", "bench", "clean"),
)
TARGETS = sorted(set(re.findall(r"(?m)^([a-z][a-z0-9-]*):(?!=)", text("Makefile"))))


@pytest.fixture(scope="module")
def help_text() -> str:
    made = subprocess.run(["make", "--no-print-directory"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return made.stdout


def test_the_targets_users_are_told_of_are_there() -> None:
    assert set(EXPECTED) - set(TARGETS) == set()


def test_the_help_fits_into_80_columns(help_text: str) -> None:
    assert [line for line in help_text.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_has_its_help_line(help_text: str, target: str) -> None:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", help_text)

    assert re.search(rf"(?m)^\s*(?:make )?{target}\s{{2,}}\S", plain), plain
