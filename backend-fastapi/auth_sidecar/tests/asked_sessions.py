"""The cache and the questions without a service around them: what time it is, and whom is asked about."""

from auth_sidecar.credential import Credential
from fake_auth_server import Person


class ManualClock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def credential_of(person: Person) -> Credential:
    return person.bearer["authorization"].encode()
