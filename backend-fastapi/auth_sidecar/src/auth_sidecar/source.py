"""The seam between "a request says who it is" and "who knows whether that is true"."""

from dataclasses import dataclass
from typing import Protocol

from auth_sidecar.credential import Credential
from auth_sidecar.identity import Identity


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source knows about a credential."""

    identity: Identity
    renewed_cookies: tuple[str, ...] = ()
    """`Set-Cookie` values for the browser, when this check has extended the session of a cookie."""


class IdentitySource(Protocol):
    """Asks the auth server on every call (client.py). A cache of sessions is another one of these, in front of it."""

    async def identify(self, credential: Credential, request_id: str | None) -> Answer:
        """Who is behind the credential.

        Raises Unauthenticated when the auth server says nobody, and AuthServerUnavailable when it cannot be known.
        """
        ...
