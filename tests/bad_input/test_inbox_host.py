"""The inbox serves only its own host names: under another name, a foreign page would share its origin."""

from urllib.parse import urlsplit

import httpx
import pytest

from stack.target import Stack


def _status(stack: Stack, host: str, path: str = "/") -> int:
    return httpx.get(f"{stack.mail_url}{path}", headers={"host": host}).status_code


@pytest.mark.parametrize("path", ["/", "/api/v1/messages"])
@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:{port}", "localhost.evil.example:{port}", "evil.example.localhost:{port}"),
        *(
            "localhost",
            "localhost:1",
            "localhost:{port}.evil.example",
            "127.0.0.1.evil.example:{port}",
            "10.0.0.1:{port}",
        ),
    ],
)
def test_another_name_reads_no_mail(stack: Stack, host: str, path: str) -> None:
    assert _status(stack, host.format(port=urlsplit(stack.mail_url).port), path) == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_its_own_names_do(stack: Stack, host: str) -> None:
    port = urlsplit(stack.mail_url).port

    assert _status(stack, f"{host}:{port}", "/api/v1/messages") == 200
