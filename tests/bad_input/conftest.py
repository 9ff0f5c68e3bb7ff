"""Someone signed in, because a request from nobody would be refused before its body is looked at."""

from collections.abc import Iterator

import pytest

from stack.caddy import CADDY, caddy_before
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


@pytest.fixture(scope="session")
def caddy(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Caddy in front of the stack; empty where this machine has none, and then no door leads there."""
    if CADDY is None:
        yield ""
        return
    with caddy_before(stack, tmp_path_factory.mktemp("caddy")) as url:
        yield url
