"""The walls between the parts: an import that crosses one fails the check."""

import subprocess
import sys

import pytest

from tests.database import HERE


def complaints_of(path: str, code: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise", "--stdin-filename", path, "-"]
    return subprocess.run(command, cwd=HERE, input=code, capture_output=True, text=True, check=False).stdout  # noqa: S603 - ourselves


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app/notes/queries.py", "import app.main\n"),
        ("app/notes/queries.py", "from app.main import app\n"),
        ("app/notes/queries.py", "import os\n\nURL = os.environ['DATABASE_URL']\n"),
        ("app/notes/queries.py", "import os\n\nURL = os.getenv('DATABASE_URL')\n"),
        ("app/notes/queries.py", "from pydantic_settings import BaseSettings\n"),
        ("app/notes/queries.py", "from . import model\n"),
        ("auth_sidecar/src/auth_sidecar/client.py", "from app.config import Config\n"),
        ("auth_sidecar/src/auth_sidecar/client.py", "from os import environ\n"),
    ],
)
def test_an_import_across_a_wall_is_refused(path: str, code: str) -> None:
    assert "TID25" in complaints_of(path, code)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app/config.py", "import os\n\nURL = os.environ['DATABASE_URL']\n"),
        ("auth_sidecar/src/auth_sidecar/settings.py", "from pydantic_settings import BaseSettings\n"),
        ("app/notes/queries.py", "from auth_sidecar import CurrentUser\n"),
    ],
)
def test_what_stands_in_its_own_room_is_let_be(path: str, code: str) -> None:
    assert "TID25" not in complaints_of(path, code)
