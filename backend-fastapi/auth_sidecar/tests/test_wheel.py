"""What other teams install."""

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=PACKAGE, check=True, capture_output=True)  # noqa: S603 - ourselves
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_it_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    sources = {f"auth_sidecar/{path.name}" for path in (PACKAGE / "src" / "auth_sidecar").glob("*.py")}

    names = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert names == sources | {"auth_sidecar/py.typed"}


def test_it_says_what_it_is_and_needs(wheel: zipfile.ZipFile) -> None:
    (path,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
    metadata = Parser().parsestr(wheel.read(path).decode())

    assert (metadata["Name"], metadata["License-Expression"]) == ("auth-sidecar", "MIT")
    assert metadata["Requires-Python"] == ">=3.11"
    needed = {requirement.split(">")[0] for requirement in metadata.get_all("Requires-Dist", [])}
    assert needed == {"aiohttp", "fastapi", "pydantic", "pydantic-settings"}
    assert metadata.get_payload() == (PACKAGE / "README.md").read_text()


def test_its_code_imports_nothing_that_it_does_not_name(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """From the wheel alone, without the app's folder on the path."""
    wheel.extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import auth_sidecar; print(auth_sidecar.__file__)"

    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)  # noqa: S603 - ourselves

    assert ended.stdout.strip() == str(tmp_path / "auth_sidecar" / "__init__.py")
