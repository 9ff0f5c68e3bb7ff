"""The app of docs/add-to-your-app.md, made and started with nothing but what the pages show."""

import contextlib
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from documents.pages import Page, blocks
from documents.shell import Shell, at_stack, open_shell
from stack.ports import free_port
from stack.processes import is_listening
from stack.target import REPOSITORY, Stack
from stack.waiting import eventually

GUIDE = Page("docs/add-to-your-app.md")
OTHER_APP = "Rows of your own for each user (optional)"
EXISTING = "Users that you have already"


@pytest.fixture(scope="package")
def project(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The reader's folder: the wheel is built and installed, the app written, its settings exported."""
    folder = tmp_path_factory.mktemp("project")
    checkout = tmp_path_factory.mktemp("checkout")
    (checkout / "backend-fastapi").symlink_to(REPOSITORY / "backend-fastapi")
    (checkout / ".env").write_text(f"INTERNAL_TOKEN={stack.internal_token}\n")
    install = GUIDE.block("Install the package", "sh").replace("../auth-sidecar", str(checkout))
    _, installed = open_shell(folder).run(install)
    members = GUIDE.block(OTHER_APP, "python")
    existing = GUIDE.block(EXISTING, "python")
    ours = [code for code in blocks(GUIDE.text, "python") if code not in {members, existing}]
    (folder / "app.py").write_text("\n\n".join(ours))
    (folder / "members.py").write_text(members)
    (folder / "existing.py").write_text(existing)
    _, ready = installed.run(at_stack(stack, GUIDE.block("Set it up", "sh")))
    return ready


@pytest.fixture(scope="package")
def app_url(project: Shell) -> Iterator[str]:
    with serving(project, "app:app") as url:
        yield url


@pytest.fixture(scope="package")
def members_url(project: Shell) -> Iterator[str]:
    with serving(project, "members:app") as url:
        yield url


@contextlib.contextmanager
def serving(project: Shell, app: str) -> Generator[str]:
    """With the page's command; `app` in place of its app."""
    port = free_port()
    command = GUIDE.block("Run it", "sh").replace("app:app", app).replace("9000", str(port))
    log: Path = project.folder / f"{app.partition(':')[0]}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=project.folder,
            env=dict(project.variables),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(lambda: process.poll() is not None or is_listening(port), 60)
            assert process.poll() is None, log.read_text()
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)
