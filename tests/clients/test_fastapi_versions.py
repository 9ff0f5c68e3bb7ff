"""auth_sidecar on the oldest FastAPI that it allows and on the newest there is: right on both, and silent.

Resolved as a user's would be: the versions are not those of this repository's lock files.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clients.venv import run
from stack.repository import text
from stack.target import REPOSITORY

SERVICE = Path(__file__).parent / "fast_path" / "service.py"
PACKAGE = REPOSITORY / "backend-fastapi" / "auth_sidecar"


def _oldest() -> str:
    found = re.search(r'"fastapi>=([\d.]+)"', text("backend-fastapi/auth_sidecar/pyproject.toml"))
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def venvs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One for each version, with auth_sidecar as it is installed from a checkout, and what it needs."""
    folder = tmp_path_factory.mktemp("fastapi-versions")
    # hatchling is among this repository's own tools: nothing is downloaded to build the wheel.
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run([*build, "--wheel-dir", folder, PACKAGE])
    wanted = {"newest": "fastapi", "oldest": f"fastapi=={_oldest()}"}
    with ThreadPoolExecutor(len(wanted)) as pool:
        made = {name: pool.submit(_venv, folder / name, *folder.glob("*.whl"), wanted[name]) for name in wanted}
        return {name: venv.result() for name, venv in made.items()}


def _venv(folder: Path, *packages: Path | str) -> Path:
    uv = Path(sys.executable).parent / "uv"
    run([uv, "venv", "--quiet", "--python", sys.executable, folder])
    run([uv, "pip", "install", "--quiet", "--python", folder / "bin" / "python", *packages, "httpx"])
    return folder


@pytest.mark.parametrize("version", ["newest", "oldest"])
def test_a_service_works_on_it_with_and_without_the_fast_path(version: str, venvs: dict[str, Path]) -> None:
    tests = {"PYTHONPATH": str(PACKAGE.parent)}

    printed = run([venvs[version] / "bin" / "python", SERVICE], variables=tests)

    found = json.loads(printed.splitlines()[-1])
    seen = found["seen"]
    fast = {case: one["fast"] for case, one in seen.items()}
    sys.stdout.write(f"FastAPI {found['fastapi']}, Starlette {found['starlette']}: fast are {fast['all']}\n")
    assert {case: one["responses"] for case, one in seen.items() if one["responses"] != found["expected"]} == {}
    assert {case: one["said"] for case, one in seen.items() if one["said"]} == {}
    assert fast.get("Dependant.call", []) == []
    # Of the newest it is no promise: that it is fast on the locked version, the tests of auth_sidecar say.
    if version == "oldest":
        assert f"{found['fastapi']}.".startswith(f"{_oldest()}.")
        own = ["/user", "/mounted/user", "/several", "/app-user", "/required", "/lacking"]
        assert fast["all"] == [*own, "/router/user", "/router/required"]
