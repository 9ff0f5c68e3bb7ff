"""A path has one spelling: no port and no server in front takes another one for it."""

import pytest

from bad_input.doors import DOORS, FRONTS, Door
from stack.raw_http import exchange
from stack.target import Stack

SPELLINGS = [
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
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_another_spelling_of_a_path_is_not_found(stack: Stack, caddy: str, door: Door) -> None:
    url = door.url(stack, caddy)
    base, _, last = door.get.rpartition("/")
    known = _status(url, door.get)
    found = {spelling: _status(url, spelling.format(base=base, last=last)) for spelling in SPELLINGS}

    assert known in {401, 403}
    # The private port says no more than this to those who do not know the token.
    refused = {400, 403, 404} if door.name.endswith("private") else {400, 404}
    assert {spelling: status for spelling, status in found.items() if status not in refused} == {}


@pytest.mark.embedded
@pytest.mark.parametrize("path", ACROSS)
@pytest.mark.parametrize("door", FRONTS, ids=lambda door: door.name)
def test_no_spelling_leads_to_the_other_service(stack: Stack, caddy: str, door: Door, path: str) -> None:
    assert _status(door.url(stack, caddy), path) in {400, 404}


@pytest.mark.embedded
@pytest.mark.parametrize("host", ["localhost", "other.example", "127.0.0.1:9"])
@pytest.mark.parametrize("door", [door for door in DOORS if not door.name.startswith("preview")], ids=lambda d: d.name)
def test_a_target_that_names_a_host_is_the_same_path(stack: Stack, caddy: str, door: Door, host: str) -> None:
    url = door.url(stack, caddy)

    assert _status(url, f"http://{host}{door.get}") == _status(url, door.get)
