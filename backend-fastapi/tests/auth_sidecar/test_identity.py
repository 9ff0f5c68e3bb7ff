"""This package's half of contract/identity.json. The auth server's is auth-server/src/sessions/identity.test.ts."""

import json
from typing import Any, cast

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
    schema["properties"].pop("fields", None)  # of AUTH_USER_FIELDS, where there are any

    assert {name: _described(field) for name, field in schema["properties"].items()} == CONTRACT[part]
    assert set(schema["required"]) == set(CONTRACT[part])


@pytest.mark.parametrize("part", PARTS)
def test_the_auth_server_of_the_tests_responds_as_the_contract_says(part: str) -> None:
    response: dict[str, object] = FakeUser().as_json()[part]

    assert response.keys() == CONTRACT[part].keys()
    for name, value in response.items():
        field = CONTRACT[part][name]
        assert isinstance(value, EXAMPLES[field["type"]]) or (value is None and field["nullable"]), name


def test_additional_fields_of_a_user_arrive_and_cannot_be_changed_for_other_requests() -> None:
    response = FakeUser().as_json()
    response["user"]["fields"] = {"plan": "pro", "preferences": {"theme": "dark"}, "seats": 3}
    user = Identity.model_validate_json(json.dumps(response)).user

    assert user.fields == {"plan": "pro", "preferences": {"theme": "dark"}, "seats": 3}
    assert user.model_dump()["fields"] == user.fields
    with pytest.raises(TypeError, match="does not support item assignment"):
        cast("dict[str, object]", user.fields)["plan"] = "free"


def test_without_additional_fields_there_are_none() -> None:
    assert Identity.model_validate_json(json.dumps(FakeUser().as_json())).user.fields == {}
