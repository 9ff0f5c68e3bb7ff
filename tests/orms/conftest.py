"""One migrated database for each set of names: no test of this folder changes it."""

from collections.abc import Iterator

import pytest

from orms.tables import NAMES, Tables
from stack.databases import empty_database
from stack.processes import Command, run
from stack.target import Stack


@pytest.fixture(scope="package", params=NAMES)
def tables(request: pytest.FixtureRequest, stack: Stack, built_auth_server: Command) -> Iterator[Tables]:
    with empty_database(stack) as environment:
        named = {**environment, **NAMES[request.param]}
        migrated = run((*built_auth_server, "migrate"), named)
        assert migrated.returncode == 0, migrated.stderr
        yield Tables(named)
