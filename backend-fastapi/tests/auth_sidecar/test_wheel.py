"""What other teams install: from a wheel, or from a source distribution."""

import ast
import re
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "auth_sidecar"
REPOSITORY = PACKAGE.parent.parent
SOURCES = sorted((PACKAGE / "src").rglob("*.py"))
NAMES = {path.relative_to(PACKAGE / "src").as_posix() for path in SOURCES} | {"auth_sidecar/py.typed"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=PACKAGE, check=True, capture_output=True)  # noqa: S603 - ourselves
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> dict[str, bytes]:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(built: Path) -> dict[str, bytes]:
    """Without the folder that everything in it is in."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        files = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        return {name.partition("/")[2]: file.read() for name, file in files.items() if file is not None}


@pytest.fixture(params=["wheel", "sdist"])
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return request.getfixturevalue(request.param)


def metadata_of(files: dict[str, bytes]) -> Message:
    (name,) = (name for name in files if re.fullmatch(r"PKG-INFO|[^/]+\.dist-info/METADATA", name))
    return Parser().parsestr(files[name].decode())


def test_the_wheel_holds_the_package_and_nothing_else(wheel: dict[str, bytes]) -> None:
    names = {name for name in wheel if ".dist-info/" not in name}

    assert names == NAMES


def test_the_sdist_holds_what_the_wheel_is_built_from_and_nothing_else(sdist: dict[str, bytes]) -> None:
    package = {f"src/{name}" for name in NAMES}

    assert sdist.keys() - {".gitignore"} == package | {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}


def test_it_says_what_it_is(files: dict[str, bytes]) -> None:
    metadata = metadata_of(files)

    assert (metadata["Name"], metadata["License-Expression"]) == ("auth-sidecar", "MIT")
    assert metadata["Requires-Python"] == ">=3.11"
    assert {"Framework :: FastAPI", "Typing :: Typed"} <= set(metadata.get_all("Classifier", []))
    urls = dict(url.split(", ") for url in metadata.get_all("Project-URL", []))
    assert {"Homepage", "Documentation", "Changelog", "Issues"} <= urls.keys()
    assert all(url.startswith("https://") for url in urls.values())
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (PACKAGE / "README.md").read_text()


def test_it_carries_its_licence(files: dict[str, bytes]) -> None:
    licences = [content for name, content in files.items() if name.rpartition("/")[2] == "LICENSE"]

    assert metadata_of(files).get_all("License-File") == ["LICENSE"]
    assert licences == [(REPOSITORY / "LICENSE").read_bytes()]


def test_it_needs_what_its_code_imports(files: dict[str, bytes]) -> None:
    """Each with the oldest version that it takes."""
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    packages = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - {"auth_sidecar"}

    required = metadata_of(files).get_all("Requires-Dist", [])
    needed = dict(requirement.split(">=") for requirement in required if "extra ==" not in requirement)

    assert needed.keys() == {package.replace("_", "-") for package in packages}
    assert all(re.fullmatch(r"[0-9.]+", version) for version in needed.values())


def test_its_readme_can_be_read_anywhere() -> None:
    """On PyPI too, where there are no files beside it."""
    readme = (PACKAGE / "README.md").read_text()
    targets = re.findall(r"\]\(([^)]+)\)", readme)

    assert [target for target in targets if not target.startswith("https://")] == []
    assert "pip install" in readme


def test_the_wheel_works_alone(wheel: dict[str, bytes], tmp_path: Path) -> None:
    """Without the app's folder on the path."""
    for name, content in wheel.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import auth_sidecar; print(auth_sidecar.__file__)"

    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)  # noqa: S603 - ourselves

    assert ended.stdout.strip() == str(tmp_path / "auth_sidecar" / "__init__.py")
