"""Someone signed in, because a request from nobody would be refused before its body is looked at."""

from collections.abc import Iterator

import pytest

from stack.target import Stack
from stack.visitors import Browser, User


@pytest.fixture(scope="package")
def cookies(stack: Stack) -> Iterator[dict[str, str]]:
    """Of one session for all tests: nothing of what they send ends it."""
    browser = Browser(stack)
    browser.sign_up(User()).raise_for_status()
    browser.me().raise_for_status()
    yield browser.cookies
    assert browser.session().status_code == 200


@pytest.fixture
def signed_in(stack: Stack, cookies: dict[str, str]) -> Browser:
    """A client address of its own for each test; the session is shared."""
    return Browser(stack, cookies=cookies)
