"""The files of contract/: what the languages must agree on."""

import json
from pathlib import Path
from typing import Any


def read_contract(name: str) -> dict[str, Any]:
    return json.loads((Path(__file__).parents[3] / "contract" / f"{name}.json").read_text(encoding="utf-8"))
