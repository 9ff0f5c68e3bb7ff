"""A stack that is broken on purpose is whole again before the next test."""

from collections.abc import Iterator

import pytest

from stack.eventually import eventually
from stack.target import Stack
from stack.visitors import Visitor


@pytest.fixture(autouse=True)
def whole_again(stack: Stack) -> Iterator[None]:
    yield
    nobody = Visitor(stack)
    eventually(lambda: (nobody.session().status_code, nobody.me().status_code) == (401, 401), within_seconds=15)
