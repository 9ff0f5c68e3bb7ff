"""Rules for every source file that no other tool checks."""

import re

import pytest

from stack.repository import LOCKS, lines_with, text, written

SOURCES = (".ts", ".tsx", ".mjs", ".py", ".css")
MAX_LINES = 250
# Path: why it is longer.
LONGER = {
    "auth-server/src/migrations/migrate.test.ts": "one story of one migration, on one set of helpers",
    "tests/clients/backend-api.ts": "made by openapi-typescript from the backend's document",
}
THIS = "tests/repository/test_sources.py"


def _elsewhere(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith(THIS)]


def test_no_file_is_longer_than_one_subject() -> None:
    lengths = {path: content.count("\n") for path, content in written().items() if path.endswith(SOURCES)}

    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES and path not in LONGER} == {}
    assert [path for path in LONGER if lengths.get(path, 0) <= MAX_LINES] == []


def test_no_test_is_skipped_or_left_alone() -> None:
    in_typescript = r"\b(?:test|it|describe)\.(?:skip|only|todo|fixme)\b"
    in_python = r"pytest\.(?:skip|xfail|importorskip)|mark\.(?:skip|skipif|xfail)\b"

    assert _elsewhere(lines_with(f"{in_typescript}|{in_python}", among=SOURCES)) == []


def test_nothing_is_left_for_later() -> None:
    kinds = (*SOURCES, ".yaml", "Makefile", "Dockerfile")

    assert _elsewhere(lines_with(r"\b(?:TODO|FIXME|XXX|HACK)\b", among=kinds)) == []


def test_every_suppression_says_why_on_its_line() -> None:
    marks = r"noqa|type: ignore|pyright: ?ignore|biome-ignore|@ts-(?:ignore|expect-error|nocheck)|pragma: no cover"
    python_with_reason = r"(?:noqa: [A-Z0-9, ]+|ignore\[[\w, -]+\]) (?:-|#) \S.{7}"
    typescript_with_reason = r"(?:biome-ignore [\w/]+|@ts-expect-error): \S.{7}"

    with_reason = re.compile(f"{python_with_reason}|{typescript_with_reason}")

    assert [line for line in _elsewhere(lines_with(marks, among=SOURCES)) if not with_reason.search(line)] == []


def test_no_test_sleeps_for_a_guessed_time() -> None:
    # Less than 0.1 s is how often something looks or drips; an hour is "never". Between them it is a guess.
    sleeps = lines_with(r"waitForTimeout\(|(?:time|asyncio)\.sleep\((?:0\.[1-9]|[1-9])(?!600\))", among=SOURCES)
    in_a_test = re.compile(r"(?!tests/stack/waiting\.py)(?:tests/|.*/tests?/|.*\.test\.)")

    assert [line for line in _elsewhere(sleeps) if in_a_test.match(line)] == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    home = r"(?<![\w.])/(?:home|Users|root|work|mnt|media)/(?!\.cache|\.npm)[a-z]"
    registry = r"(?:index-url|registry)\s*[=:]\s*[\"']?https?:|_authToken"

    assert _elsewhere(lines_with(f"{home}|{registry}")) == []


@pytest.mark.parametrize("lock", sorted(LOCKS))
def test_a_lock_file_pins_hashes_and_names_no_index(lock: str) -> None:
    content = text(lock)

    assert not re.search(r'"resolved": "http|-index|@ http', content)
    assert ('"integrity": "sha512-' in content) or ("--hash=sha256:" in content)
