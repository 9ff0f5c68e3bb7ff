"""FastAPIs in which something that the fast path relies on is missing.

Only auth_sidecar misses it: FastAPI itself needs it to work.
"""

import inspect
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import fastapi.dependencies.models
import fastapi.routing

READER = "auth_sidecar.requests.fast_path"

INSIDES = [
    ("fastapi.routing", "request_response"),
    ("fastapi.routing", "_effective_route_context_var"),
    ("_EffectiveRouteContext", "original_route"),
    ("_EffectiveRouteContext", "dependant"),
    ("_EffectiveRouteContext", "dependency_overrides_provider"),
    ("_IncludedRouter", "original_router"),
    ("APIRoute", "app"),
    ("APIRoute", "dependant"),
    ("APIRoute", "dependency_overrides_provider"),
    ("Dependant", "call"),
    ("Dependant", "dependencies"),
    ("Dependant", "name"),
    ("Dependant", "request_param_name"),
]
"""Everything that docs/fast-path.md lists: the class or module, and its attribute."""


class _HidingModule(ModuleType):
    hidden = ""

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - as of any module
        _refuse(name, _HidingModule.hidden)
        return super().__getattribute__(name)


@contextmanager
def hidden(owner: str, name: str) -> Generator[None]:
    """Reading the attribute in the module of the fast path raises AttributeError, as if FastAPI did not have it."""
    if owner == "fastapi.routing":
        module = fastapi.routing
        _HidingModule.hidden = name
        object.__setattr__(module, "__class__", _HidingModule)
        try:
            yield
        finally:
            object.__setattr__(module, "__class__", ModuleType)
        return
    of = class_named(owner)
    if of is None:
        yield
        return
    read = of.__getattribute__

    def read_unless_hidden(self: object, asked: str) -> Any:  # noqa: ANN401 - as of any object
        _refuse(asked, name)
        return read(self, asked)

    own = "__getattribute__" in vars(of)
    type.__setattr__(of, "__getattribute__", read_unless_hidden)
    try:
        yield
    finally:
        type.__setattr__(of, "__getattribute__", read) if own else type.__delattr__(of, "__getattribute__")


def class_named(name: str) -> Any:  # noqa: ANN401 - FastAPI's private classes have no public types
    """None where this FastAPI has no class of that name."""
    return getattr(fastapi.routing, name, None) or getattr(fastapi.dependencies.models, name, None)


def _refuse(asked: str, name: str) -> None:
    if asked != name:
        return
    frame: Any = inspect.currentframe()
    if frame.f_back.f_back.f_globals.get("__name__") == READER:
        raise AttributeError(asked)
