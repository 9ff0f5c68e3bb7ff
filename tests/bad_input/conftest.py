"""Someone signed in, because a request from nobody would be refused before its body is looked at."""

from collections.abc import Iterator

import pytest

from stack.caddy import CADDY, caddy_before
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


@pytest.fixture(scope="package")
def caddy(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Caddy in front of the stack; empty where this machine has none, and no listener uses it then."""
    if CADDY is None:
        yield ""
        return
    with caddy_before(stack, tmp_path_factory.mktemp("caddy")) as url:
        yield url
