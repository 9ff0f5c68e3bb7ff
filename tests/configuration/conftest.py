"""The bundle under test is built from the sources of this moment."""

import pytest

from stack.processes import Command


@pytest.fixture(scope="session", autouse=True)
def built(built_auth_server: Command) -> None:
    """Before any test of this folder."""
