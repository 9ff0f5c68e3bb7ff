"""What schemathesis cannot know: requests are counted by client address, and no name or text in a body holds a NUL."""

import json
import secrets
from importlib import import_module
from typing import Any

SCHEMATHESIS: Any = import_module("schemathesis")  # its types are generic without need


@SCHEMATHESIS.hook
def before_call(_context: object, case: Any, _kwargs: object) -> None:  # noqa: ANN401 - its own types name no attributes
    case.headers["x-real-ip"] = f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"


@SCHEMATHESIS.hook
def filter_body(_context: object, body: object) -> bool:
    """Unknown members are ignored, but not what PostgreSQL could not keep: tests/test_json_bodies.py of the backend."""
    return "\\u0000" not in json.dumps(body, default=str)
