"""What the auth server's table "user" is called, by AUTH_TABLE_NAMES: contract/names.json holds both services to it."""

import re

_PREFIX = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


def user_table_name(setting: str) -> str:
    """Raises ValueError for what the auth server refuses."""
    prefix, ending, pairs = "", "", dict[str, str]()
    for entry in filter(None, (part.strip() for part in setting.split(","))):
        table, is_pair, name = (part.strip() for part in entry.partition("="))
        if is_pair and table and name:
            if table in pairs:
                raise ValueError(f"must not have two names for {table}")
            pairs[table] = name
        elif found := _PREFIX.fullmatch(entry):
            prefix += found[1]
        elif entry == "plural":
            ending = "s"
        elif entry != "snake_case":
            raise ValueError("must be plural, snake_case, a prefix as in auth_*, or table=name, with commas between")
    name = pairs.get("user") or f"{prefix}user{ending}"
    if not _NAME.fullmatch(name):
        raise ValueError("must name tables by letters, digits and _, at most 63")
    return name
