"""What schemathesis cannot know: requests are counted by client address."""

import secrets
from importlib import import_module
from typing import Any

SCHEMATHESIS: Any = import_module("schemathesis")  # its types are generic without need


@SCHEMATHESIS.hook
def before_call(_context: object, case: Any, _kwargs: object) -> None:  # noqa: ANN401 - its own types name no attributes
    case.headers["x-real-ip"] = f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
