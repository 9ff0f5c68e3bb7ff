"""`dev/sections.sh`: what failed stands at the end, where whoever opens a long log looks first."""

import subprocess
from pathlib import Path

from stack.target import REPOSITORY, environment


def _run(folder: Path, *lines: str) -> tuple[int, list[str]]:
    """The exit code of a script with these sections, and what it prints."""
    script = folder / "run"
    script.write_text("\n".join(["set -euo pipefail", f"cd {REPOSITORY}", ". dev/sections.sh", *lines, "total"]))
    done = subprocess.run(
        ["bash", str(script)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines()


def _printing(folder: Path, name: str, text: str, code: int) -> str:
    """A command that prints the text and ends with the code."""
    (folder / name).write_text(text)
    return f"sh -c 'cat {folder / name}; exit {code}'"


VITEST = """
\x1b[31m FAIL \x1b[39m |pages| inbox.test.ts > an inbox that stops
\x1b[31mAssertionError: expected [ Array(1) ] to deeply equal []\x1b[39m
      Tests  1 failed | 3 passed (4)
"""
PYTEST = "FAILED tests/test_a.py::test_one - assert 1 == 2\n1 failed, 40 passed in 2.01s\n"


def test_each_failed_test_is_named_at_the_end_with_its_error(tmp_path: Path) -> None:
    vitest = _printing(tmp_path, "vitest", VITEST, 1)
    pytest = _printing(tmp_path, "pytest", PYTEST, 1)

    code, lines = _run(tmp_path, f"beside {pytest}", f"section {vitest}", "section seq 500", "beside_ends")

    ending = lines[lines.index("=== What failed") :]
    assert " FAIL  |pages| inbox.test.ts > an inbox that stops" in ending
    assert "AssertionError: expected [ Array(1) ] to deeply equal []" in ending
    assert "FAILED tests/test_a.py::test_one - assert 1 == 2" in ending
    assert (code, ending[-1]) == (1, "44 passed, 2 failed")


def test_a_command_without_tests_that_fails_ends_with_its_last_lines(tmp_path: Path) -> None:
    code, lines = _run(tmp_path, "section sh -c 'seq 500; exit 3'")

    ending = lines[lines.index("=== What failed") :]
    assert {"486", "500"} <= set(ending)
    assert "485" not in ending
    assert (code, ending[-1]) == (1, "0 passed, 1 failed")


def test_very_many_failures_are_cut(tmp_path: Path) -> None:
    many = _printing(tmp_path, "many", "".join(f"FAILED tests/test_a.py::test_{n}\n" for n in range(20_000)), 1)

    code, lines = _run(tmp_path, f"section {many}")

    assert code == 1
    assert len(lines[lines.index("=== What failed") :]) < 60


def test_where_nothing_failed_there_is_only_the_sum(tmp_path: Path) -> None:
    code, lines = _run(tmp_path, "section true", f"section {_printing(tmp_path, 'good', '3 passed in 1.00s', 0)}")

    assert (code, lines[-1]) == (0, "4 passed, 0 failed")
    assert "=== What failed" not in lines
