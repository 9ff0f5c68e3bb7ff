"""This package's half of contract/limits.json."""

from auth_sidecar.check import REQUEST_ID
from auth_sidecar.http import KEEP_ALIVE_SECONDS
from contract import read_contract

LIMITS = read_contract("limits")


def test_this_package_has_the_limits_of_the_contract() -> None:
    assert REQUEST_ID.pattern.decode() == LIMITS["requestId"]
    assert LIMITS["keepAliveSeconds"]["sidecar"] == KEEP_ALIVE_SECONDS
