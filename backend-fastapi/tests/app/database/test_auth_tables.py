"""What the auth server's table "user" is called, by both services alike."""

import pytest

from app.database.auth_tables import user_table_name
from tests.support.contract import read_contract

NAMES = read_contract("names")


@pytest.mark.parametrize(("setting", "name"), [(one["setting"], one["name"]) for one in NAMES["user"]])
def test_the_table_has_the_name_that_the_auth_server_gives_it(setting: str, name: str) -> None:
    assert user_table_name(setting) == name


@pytest.mark.parametrize("setting", NAMES["refused"])
def test_what_the_auth_server_refuses_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        user_table_name(setting)
