"""The packages of `make wheel`, installed once, and one `auth-sidecar up` for the tests that leave it running."""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from documents.pages import Page
from stack.target import REPOSITORY
from wheel.machine import Machine, Started, make_venv, tools, up_ports

WHEELS = REPOSITORY / "dist"
GUIDE = Page("docs/without-node.md")
APP = GUIDE.block("Beside a FastAPI app", "python")


@dataclass(frozen=True)
class Up:
    """A running `auth-sidecar up`."""

    machine: Machine
    started: Started
    url: str
    internal_url: str


@pytest.fixture(scope="session")
def spent() -> dict[str, float]:
    """Seconds of each step on the way to a signed-in request; other tests come between them."""
    return {}


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """Where other users may look too, unlike pytest's own folders."""
    folder = Path(tempfile.mkdtemp(prefix="wheel-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def venv(spent: dict[str, float], place: Path) -> Path:
    begin = time.monotonic()
    made = make_venv(place / "venv", "auth-sidecar[server]", "uvicorn", find=WHEELS)
    spent["pip install"] = time.monotonic() - begin
    return made


@pytest.fixture(scope="session")
def path(place: Path) -> Path:
    return tools(place / "tools")


@pytest.fixture
def new_machine(venv: Path, path: Path, place: Path, request: pytest.FixtureRequest) -> Callable[..., Machine]:
    """With an empty project."""

    def make(uid: int | None = None) -> Machine:
        project = place / re.sub(r"\W+", "-", request.node.name)
        project.mkdir(mode=0o755)
        if uid is not None:
            project.chmod(0o700)
            shutil.chown(project, uid, uid)
        return Machine(venv, project, path, uid)

    return make


@pytest.fixture(scope="session")
def up(spent: dict[str, float], venv: Path, path: Path, place: Path) -> Iterator[Up]:
    project = place / "project"
    project.mkdir()
    (project / "app.py").write_text(APP)
    shutil.copytree(REPOSITORY / "docs" / "second-brand", project / "my-brand")
    machine = Machine(venv, project, path)
    options, url, internal_url = up_ports()
    begin = time.monotonic()
    started = machine.start(["up", *options], BRAND_FOLDER="my-brand")
    try:
        started.until_ready()
        spent["up"] = time.monotonic() - begin
        yield Up(machine, started, url, internal_url)
    finally:
        started.stop()
