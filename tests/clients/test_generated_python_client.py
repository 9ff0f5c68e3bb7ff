"""openapi-python-client, from the document that the running backend serves."""

import json
import os
from pathlib import Path

import pytest

from clients.venv import PROGRAMS, VENV, run, run_program
from stack.target import REPOSITORY, Stack
from stack.visitors import ApiClient, User

# In Compose the document is the same, and so is the client.
pytestmark = pytest.mark.embedded
PYRIGHT = REPOSITORY / "node_modules" / ".bin" / "pyright"


def _generate(stack: Stack, folder: Path) -> None:
    config = folder / "config.json"
    config.write_text(json.dumps({"package_name_override": "backend_client", "post_hooks": []}))
    command = [VENV / "bin" / "openapi-python-client", "generate", "--meta", "none", "--fail-on-warning"]
    document = ["--url", f"{stack.api_url}/openapi.json", "--output-path", folder / "backend_client"]
    printed = run([*command, *document, "--config", config], cwd=folder)
    assert "warning" not in printed.lower()


def _check_types(folder: Path) -> None:
    """Strict where we write: the generated code is checked as its generator promises."""
    programs = os.path.relpath(PROGRAMS, folder)
    settings = {"include": ["backend_client", programs], "strict": [programs], "extraPaths": ["."]}
    venv = {"venvPath": os.path.relpath(VENV.parent, folder), "venv": VENV.name}
    (folder / "pyrightconfig.json").write_text(json.dumps({**settings, **venv}))
    printed = run([PYRIGHT, "-p", folder])
    assert printed.strip().endswith("0 errors, 0 warnings, 0 informations"), printed


def test_a_generated_python_client_passes_type_checks_and_works(
    stack: Stack, client: ApiClient, user: User, tmp_path: Path
) -> None:
    client.sign_up(user).raise_for_status()
    _generate(stack, tmp_path)

    _check_types(tmp_path)
    seen = run_program("generated_client_calls.py", {"url": stack.api_url, "token": client.token}, tmp_path)

    assert seen.pop("age_seconds") < 60
    assert seen == {
        "email": user.email,
        "pages": [["second"], ["first"]],
        "last_cursor": None,
        "deleted": 204,
        "unknown": "NOT_FOUND",
        "empty": "VALIDATION_ERROR",
        "stranger": "INVALID_TOKEN",
    }
