"""This package's half of contract/identity.json. The auth server's is auth-server/src/sessions/identity.test.ts."""

from typing import Any

import pytest

from auth_sidecar.identity import Identity
from tests.support.contract import read_contract
from tests.support.fake_auth_server import FakeUser

CONTRACT = read_contract("identity")
PARTS = ("session", "user")
EXAMPLES: dict[str, type] = {"string": str, "boolean": bool, "time": str}


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """A field of a JSON schema, in the words of the contract."""
    kinds = schema.get("anyOf", [schema])
    (kind,) = [kind for kind in kinds if kind["type"] != "null"]
    is_time = kind.get("format") == "date-time"
    return {"type": "time" if is_time else kind["type"], "nullable": {"type": "null"} in kinds}


@pytest.mark.parametrize("part", PARTS)
def test_the_model_has_the_fields_of_the_contract(part: str) -> None:
    schema = Identity.model_json_schema(by_alias=True)["$defs"][part.capitalize()]

    assert {name: _described(field) for name, field in schema["properties"].items()} == CONTRACT[part]
    assert set(schema["required"]) == set(CONTRACT[part])


@pytest.mark.parametrize("part", PARTS)
def test_the_auth_server_of_the_tests_responds_as_the_contract_says(part: str) -> None:
    response: dict[str, object] = FakeUser().as_json()[part]

    assert response.keys() == CONTRACT[part].keys()
    for name, value in response.items():
        field = CONTRACT[part][name]
        assert isinstance(value, EXAMPLES[field["type"]]) or (value is None and field["nullable"]), name
