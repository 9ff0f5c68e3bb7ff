"""Keeps other sites from acting with a visitor's cookie (OWASP: verify the origin with standard headers).

A bearer token needs none of this: no browser attaches one on its own.
"""

from collections.abc import Collection

from starlette.types import Scope

from auth_sidecar.errors import InvalidOrigin, MissingOrNullOrigin

# RFC 9110 §9.2.1. Read from the request line only: X-HTTP-Method-Override and `_method` change nothing.
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_safe(scope: Scope) -> bool:
    """Whether nothing can be changed by this request. A WebSocket handshake is a GET that opens a two-way channel."""
    return scope["type"] == "http" and scope["method"] in _SAFE_METHODS


def refuse_cross_site(scope: Scope, allowed_origins: Collection[str]) -> None:
    """Raises unless the page that sent this request by cookie is one of ours, or nothing can be changed by it.

    `Origin` decides where it names a page. Browsers that leave it out on a same-origin request, or write "null" for the
    page's referrer policy, say so in `Sec-Fetch-Site`, which no page can forge. Browsers let any page open a WebSocket:
    it counts as unsafe. The rule is the auth server's too; contract/origins.json is its table.
    """
    if is_safe(scope):
        return
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    if origins and origins != [b"null"]:
        if len(origins) > 1 or origins[0].decode("latin-1") not in allowed_origins:
            raise InvalidOrigin
        return
    fetch_sites = [value for name, value in scope["headers"] if name == b"sec-fetch-site"]
    if fetch_sites != [b"same-origin"]:
        raise MissingOrNullOrigin
