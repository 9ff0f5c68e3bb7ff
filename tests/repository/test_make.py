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
    assert "\x1b" not in made.stdout  # no terminal, no colour
    return made.stdout


def _groups(help_text: str) -> dict[str, list[str]]:
    """The targets below each heading."""
    groups: dict[str, list[str]] = {}
    for line in filter(None, help_text.splitlines()):
        if line.startswith(" "):
            groups[list(groups)[-1]].append(line.split()[1])
        else:
            groups[line] = []
    return groups


def test_the_help_has_every_target_once_in_four_groups(help_text: str) -> None:
    groups = _groups(help_text)

    assert list(groups) == ["Run", "Data", "Test", "Develop"]
    assert groups["Run"][0] == "up"
    assert sorted(target for group in groups.values() for target in group) == TARGETS


def test_the_targets_users_are_told_of_are_there() -> None:
    assert set(EXPECTED) - set(TARGETS) == set()


def test_the_help_fits_into_80_columns(help_text: str) -> None:
    assert [line for line in help_text.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_has_its_help_line(help_text: str, target: str) -> None:
    assert re.search(rf"(?m)^  make {target}\s{{2,}}\S", help_text), help_text
