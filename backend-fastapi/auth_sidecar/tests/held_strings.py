"""What an object holds on to, wherever in it that is: how a test sees a leak without knowing where to look."""

import gc
from typing import cast


def held_strings(root: object) -> set[str]:
    """Every string that can be reached from it. Functions are not looked into: they lead to the whole program."""
    seen: dict[int, object] = {}
    waiting = [root]
    while waiting:
        held = waiting.pop()
        if id(held) in seen or callable(held):
            continue
        seen[id(held)] = held
        waiting.extend(gc.get_referents(held))
        if isinstance(held, dict):
            waiting.extend(cast("dict[object, object]", held))  # the collector passes over keys that are strings
    return {held for held in seen.values() if isinstance(held, str)}
