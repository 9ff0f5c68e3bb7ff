"""The demo provider's pages, as a user uses them."""

from urllib.parse import urlsplit

import httpx


class _ToThisMachine(httpx.HTTPTransport):
    """What browsers do with names below localhost (RFC 6761), and the resolver of this machine may not."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        address = request.url.copy_with(host="127.0.0.1")
        return super().handle_request(
            httpx.Request(request.method, address, headers=request.headers, stream=request.stream)
        )


def browser_at_the_provider() -> httpx.Client:
    return httpx.Client(transport=_ToThisMachine(), trust_env=False)


def choose(address: str, email: str, callback: str) -> str:
    """What a user does there; the address at `callback`, a path, that they are sent back to."""
    with browser_at_the_provider() as pages:
        choice = pages.get(address, follow_redirects=True).raise_for_status()
        response = pages.post(choice.url, data={"email": email})
        while urlsplit(response.headers["location"]).path != callback:
            response = pages.get(response.headers["location"])
        return response.headers["location"]
