"""What the documents point at exists."""

import re
from pathlib import Path

import pytest

from stack.repository import text, tracked
from stack.target import REPOSITORY

DOCUMENTS = [path for path in tracked() if path.endswith(".md")]
DECISIONS = sorted(Path(path).name for path in tracked() if re.match(r"docs/decisions/(?!README)", path))
A_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|\.env\.example|Makefile|[\w-]+\.(?:yaml|md|toml|json))`")
NOT_COMMITTED = (".local/", "dist/", "node_modules/", ".venv/")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text(document))
    local = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]

    assert [link for link in local if not ((REPOSITORY / document).parent / link).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_path_that_is_named_exists(document: str) -> None:
    named = [path for path in A_PATH.findall(text(document)) if not path.startswith(NOT_COMMITTED)]

    assert [path for path in named if not (REPOSITORY / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_is_named_exists(document: str) -> None:
    targets = set(re.findall(r"(?m)^([a-z][a-z0-9-]*):", text("Makefile")))
    code = "\n".join(re.findall(r"`[^`]+`|(?m:^    .+$)", text(document)))

    assert set(re.findall(r"(?<![\w-])make ([a-z][a-z0-9-]*)", code)) - targets == set()


def _rows(document: str) -> list[list[str]]:
    """The cells of every table's rows."""
    lines = re.findall(r"(?m)^\| (.+) \|$", text(document))
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def test_the_readme_has_the_figures_of_the_last_benchmark() -> None:
    measured = {row[0]: row for row in _rows("docs/benchmarks.md") if len(row) == 9}
    shown = [row for row in _rows("README.md") if row[0] in measured]

    assert len(shown) == 3
    for name, cpu, accepted in shown:
        median, *_, unit = measured[name][3].split(" ")
        assert (cpu, accepted) == (f"{median} {unit}", measured[name][8])


def test_decisions_are_numbered_without_gaps() -> None:
    for number, name in enumerate(DECISIONS, 1):
        assert re.fullmatch(rf"{number:04}-[a-z0-9-]+\.md", name)


def test_every_decision_is_linked_from_their_list() -> None:
    listed = text("docs/decisions/README.md")

    assert [name for name in DECISIONS if f"({name})" not in listed] == []
