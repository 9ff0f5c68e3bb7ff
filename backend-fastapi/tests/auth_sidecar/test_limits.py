"""This package's half of contract/limits.json."""

from auth_sidecar.auth_server.http import KEEP_ALIVE_SECONDS
from auth_sidecar.requests.check import REQUEST_ID
from tests.support.contract import read_contract

LIMITS = read_contract("limits")


def test_this_package_has_the_limits_of_the_contract() -> None:
    assert REQUEST_ID.pattern.decode() == LIMITS["requestId"]
    assert LIMITS["keepAliveSeconds"]["sidecar"] == KEEP_ALIVE_SECONDS
