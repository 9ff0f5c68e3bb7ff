"""The bundle under test is built from the sources of this moment."""

import subprocess

import pytest

from stack.target import REPOSITORY


@pytest.fixture(scope="session", autouse=True)
def bundle() -> None:
    subprocess.run(["npm", "run", "--silent", "build", "-w", "auth-server"], cwd=REPOSITORY, check=True)
