"""A path has no alias: no port and no proxy in front accepts another way to write it."""

import pytest

from bad_input.listeners import FRONTS, LISTENERS, Listener
from stack.raw_http import exchange
from stack.target import Stack

ALIASES = [
    "{base}/x/../{last}",
    "{base}/./{last}",
    "{base}/{last}/.",
    "{base}/{last}/x/..",
    "/x/..{base}/{last}",
    "{base}/%2e%2e{base}/{last}",
    "{base}/x/%2E%2e/{last}",
    "{base}/x/.%2e/{last}",
    "{base}/x/%2E./{last}",
    "{base}/%2e/{last}",
    "{base}/x/..;/{last}",
    "{base}/..;/{last}",
    "{base}/;/{last}",
    "{base}/{last};x",
    "{base}%2F{last}",
    "{base}%2f{last}",
    "{base}/x%2f..%2f{last}",
    "{base}%5C{last}",
    "{base}\\{last}",
    "{base}/x\\..\\{last}",
    "{base}//{last}",
    "{base}/{last}/",
    "{base}/{last}%00",
    "{base}/{last}%23x",
    "{base}/{last}#x",
    "http://localhost{base}/x/../{last}",
]
ACROSS = [
    "/api/auth/../me",
    "/api/auth/%2e%2e/me",
    "/api/x/../auth/session",
    "/x/../api/auth/session",
    "/x/%2e%2e/api/me",
]


def _status(url: str, target: str) -> int:
    return exchange(url, f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()).status


@pytest.mark.embedded
@pytest.mark.parametrize("listener", LISTENERS, ids=lambda listener: listener.name)
def test_an_alias_of_a_path_is_not_found(stack: Stack, caddy: str, listener: Listener) -> None:
    url = listener.url(stack, caddy)
    base, _, last = listener.get.rpartition("/")
    known = _status(url, listener.get)
    found = {alias: _status(url, alias.format(base=base, last=last)) for alias in ALIASES}

    assert known in {401, 403}
    # The private port says no more than this to those who do not know the token.
    refused = {400, 403, 404} if listener.name.endswith("private") else {400, 404}
    assert {alias: status for alias, status in found.items() if status not in refused} == {}


@pytest.mark.embedded
@pytest.mark.parametrize("path", ACROSS)
@pytest.mark.parametrize("listener", FRONTS, ids=lambda listener: listener.name)
def test_no_alias_leads_to_the_other_service(stack: Stack, caddy: str, listener: Listener, path: str) -> None:
    assert _status(listener.url(stack, caddy), path) in {400, 404}


@pytest.mark.embedded
@pytest.mark.parametrize("host", ["localhost", "other.example", "127.0.0.1:9"])
@pytest.mark.parametrize(
    "listener", [listener for listener in LISTENERS if not listener.name.startswith("preview")], ids=lambda d: d.name
)
def test_a_target_that_names_a_host_is_the_same_path(stack: Stack, caddy: str, listener: Listener, host: str) -> None:
    url = listener.url(stack, caddy)

    assert _status(url, f"http://{host}{listener.get}") == _status(url, listener.get)
