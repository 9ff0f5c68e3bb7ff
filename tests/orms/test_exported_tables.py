"""Each tool, with the tables that were exported for it, proposes no change of a migrated database."""

import re
from pathlib import Path

import pytest

from orms.tables import PROGRAMS, Tables, Tool
from stack.target import REPOSITORY

pytestmark = pytest.mark.embedded
PYTHON = REPOSITORY / ".local" / "orms-venv" / "bin" / "python"
TOOLS = [
    Tool("sqlmodel", "auth_tables.py", (str(PYTHON), "-W", "error", str(PROGRAMS / "alembic_changes.py"))),
    Tool("drizzle", "auth-tables.ts", ("node", "--import", "tsx", str(PROGRAMS / "drizzle-changes.mjs"))),
    Tool("prisma", "auth-tables.prisma", ("node", str(PROGRAMS / "prisma-changes.mjs"))),
]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.format)
def test_the_tool_proposes_no_change(tables: Tables, tool: Tool, tmp_path: Path) -> None:
    assert tables.changes(tool, tables.exported(tool.format), tmp_path) == []


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.format)
def test_the_tool_proposes_to_drop_a_column_that_the_export_lacks(tables: Tables, tool: Tool, tmp_path: Path) -> None:
    """Each of them compares: that it proposes nothing means something."""
    models, count = re.subn(r"(?m)^ +image\b.*\n", "", tables.exported(tool.format))
    assert count == 1

    (change,) = tables.changes(tool, models, tmp_path)

    assert "image" in change
