"""The walls between the parts of the Python code: an import across one fails the check.

ruff refuses the imports that are banned everywhere; [tool.walls] in backend-fastapi/pyproject.toml says what each
part may import. For TypeScript the same is in test_walls.py.
"""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest

from stack.repository import text, tracked
from stack.target import REPOSITORY

BACKEND = "backend-fastapi/"
PACKAGES = {
    "app": BACKEND,
    "auth_sidecar": f"{BACKEND}auth_sidecar/src/",
    "auth_sidecar_server": f"{BACKEND}auth_sidecar_server/src/",
}
WALLS: dict[str, list[str]] = tomllib.loads(text(f"{BACKEND}pyproject.toml"))["tool"]["walls"]


def _modules() -> dict[str, str]:
    """Path to the dotted name of every module of the two packages."""
    return {
        path: path.removeprefix(root).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for package, root in PACKAGES.items()
        for path in tracked()
        if path.startswith(f"{root}{package}/") and path.endswith(".py")
    }


def _part(module: str) -> str | None:
    """The longest name in [tool.walls] that `module` is, or is in."""
    parts = [part for part in WALLS if module == part or module.startswith(f"{part}.")]
    return max(parts, key=len, default=None)


def _imports(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _crossings(module: str, code: str) -> list[str]:
    """The imports of a module that its part may not have."""
    part = _part(module)
    assert part is not None, f"{module} is in no part of [tool.walls]"
    package = module.split(".", maxsplit=1)[0]
    others = [name for name in _imports(code) if name.split(".")[0] == package and _part(name) not in {part, None}]
    return [name for name in others if _part(name) not in WALLS[part]]


def test_every_module_is_in_a_part_and_imports_only_what_the_part_may() -> None:
    modules = _modules()

    assert len(modules) > 60
    inside = {name: _crossings(name, text(path)) for path, name in modules.items() if name not in PACKAGES}
    assert {name: imports for name, imports in inside.items() if imports} == {}


def test_the_table_of_walls_names_only_what_exists() -> None:
    modules = list(_modules().values())

    assert [part for part in WALLS if not any(_part(module) == part for module in modules)] == []
    assert {allowed for part in WALLS.values() for allowed in part} <= set(WALLS)


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("app.notes.queries", "import app.main"),
        ("app.notes.queries", "from app.main import create_app"),
        ("app.notes.queries", "from app.server import request_log"),
        ("app.users.queries", "def late():\n    from app.notes.model import Note"),
        ("app.database.pool", "from app.users.model import AppUser"),
        ("app.server.health", "from app import asgi"),
        ("auth_sidecar.auth_server.feed", "from auth_sidecar.sessions.cache import SessionCache"),
        ("auth_sidecar.sessions.cache", "from auth_sidecar.requests.check import RequestCheck"),
        ("auth_sidecar.errors", "from auth_sidecar import sidecar"),
    ],
)
def test_an_import_across_a_wall_is_found(module: str, code: str) -> None:
    assert len(_crossings(module, code)) == 1


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("app.notes.queries", "from app.notes.model import Note"),
        ("app.notes.queries", "from app.users.model import AppUser"),
        ("app.config", "from app.database.url import to_conninfo"),
        ("app.asgi", "from app.main import create_app"),
        ("auth_sidecar.sessions.ends", "from auth_sidecar.sessions.cache import SessionCache"),
        ("auth_sidecar.requests.check", "from auth_sidecar.sessions.ends import SessionEnds"),
    ],
)
def test_an_import_in_the_allowed_direction_is_accepted(module: str, code: str) -> None:
    assert _crossings(module, code) == []


def _complaints_of_ruff(path: str, code: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise", "--stdin-filename", path, "-"]
    folder = REPOSITORY / BACKEND
    return subprocess.run(command, cwd=folder, input=code, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app/notes/queries.py", "import os\n\nURL = os.environ['DATABASE_URL']\n"),
        ("app/notes/queries.py", "import os\n\nURL = os.getenv('DATABASE_URL')\n"),
        ("app/notes/queries.py", "from pydantic_settings import BaseSettings\n"),
        ("app/notes/queries.py", "from . import model\n"),
        ("auth_sidecar/src/auth_sidecar/sidecar.py", "from app.config import Config\n"),
        ("auth_sidecar/src/auth_sidecar/sidecar.py", "from os import environ\n"),
    ],
)
def test_ruff_refuses_what_is_banned(path: str, code: str) -> None:
    assert "TID25" in _complaints_of_ruff(path, code)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app/config.py", "import os\n\nURL = os.environ['DATABASE_URL']\n"),
        ("auth_sidecar/src/auth_sidecar/settings.py", "from pydantic_settings import BaseSettings\n"),
        ("app/notes/queries.py", "from auth_sidecar import CurrentUser\n"),
    ],
)
def test_ruff_accepts_it_where_it_belongs(path: str, code: str) -> None:
    assert "TID25" not in _complaints_of_ruff(path, code)
