"""The routes of an app as FastAPI sees them, and what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import fastapi.routing
from starlette.routing import BaseRoute

from auth_sidecar.requests.guard import Guard
from auth_sidecar.requirements import Requirement

if TYPE_CHECKING:  # a FastAPI that has it elsewhere must not keep a service from starting
    from fastapi.dependencies.models import Dependant


def each_route(routes: Iterable[BaseRoute]) -> Iterator[Any]:
    """With those of included routers, as they are there: with their prefix and their dependencies.

    A mounted app is one route. An older FastAPI copies the routes of a router into the app that includes it.
    """
    iterate: Callable[[Iterable[BaseRoute]], Iterator[Any]] = getattr(fastapi.routing, "iter_route_contexts", iter)
    return iterate(routes)


def calls_below(dependant: Dependant) -> Iterator[object]:
    """Every dependency that runs before the route's function, however deep."""
    for inner in dependant.dependencies:
        yield inner.call
        yield from calls_below(inner)


def requirements_of(dependant: Dependant) -> list[Requirement]:
    """Each once."""
    guards = [call for call in calls_below(dependant) if isinstance(call, Guard)]
    return list(dict.fromkeys(requirement for guard in guards for requirement in guard.requirements))
