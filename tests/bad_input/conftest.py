"""Someone signed in, because a request from nobody would be refused before its body is looked at."""

import pytest

from stack.target import Stack
from stack.visitors import Browser, Person


@pytest.fixture(scope="session")
def cookies(stack: Stack) -> dict[str, str]:
    browser = Browser(stack)
    browser.sign_up(Person()).raise_for_status()
    browser.me().raise_for_status()
    return browser.cookies


@pytest.fixture
def signed_in(stack: Stack, cookies: dict[str, str]) -> Browser:
    """A client address of its own for each test; the session is shared, so no test may end it."""
    return Browser(stack, cookies=cookies)
