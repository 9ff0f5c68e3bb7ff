"""The fast path: spares protected routes what FastAPI's dependency resolution costs, several times the check itself.

`Depends(current_user)` with its two security schemes costs 25 µs for each request, most of it to solve dependencies
that have nothing to solve. So a route is given a second handler: checks that come before everything else are done
before FastAPI begins, and left out of what it solves; below the others, the security schemes are left out. FastAPI's
own handler stays in use with `dependency_overrides`, for routes of a class of somebody's own, and wherever something
of FastAPI's that is used here is missing: docs/fast-path.md lists what that is, decision 0025 says why.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextvars import ContextVar
from copy import copy
from functools import wraps
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import fastapi.routing
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from auth_sidecar.check_result import CheckResult
from auth_sidecar.errors import AuthError
from auth_sidecar.requests.check import check_of
from auth_sidecar.requests.dependencies import current_app_user, current_identity, current_user, optional_user
from auth_sidecar.requests.guard import Guard
from auth_sidecar.requests.rendering import offer_rendering
from auth_sidecar.requirements import Requirement, refuse_unmet

if TYPE_CHECKING:  # a FastAPI that has it elsewhere must not keep a service from starting
    from fastapi.dependencies.models import Dependant

_Handler: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]


class _Holder(Protocol):
    """A route, or an included router's own view of it: what FastAPI builds a handler from."""

    dependant: Dependant
    dependency_overrides_provider: Any


_SELECT: dict[object, Callable[[CheckResult], Any]] = {
    current_identity: attrgetter("identity"),
    current_user: attrgetter("identity.user"),
    current_app_user: attrgetter("app_user"),
}
_RESULT = "auth_sidecar.result"
_REQUEST = "_auth_sidecar_request"
_OTHER_INSIDES = (AttributeError, TypeError)
"""What comes of using a FastAPI in which something has another name or shape."""

_log = logging.getLogger("auth_sidecar")


def add_fast_path(routes: Iterable[BaseRoute]) -> None:
    """To all routes below, of included routers and mounted apps too. Done twice, it does nothing more."""
    for route in routes:
        if isinstance(route, APIRoute):
            _add_to(route)
        else:
            inner = getattr(route, "original_router", route)
            add_fast_path(getattr(inner, "routes", None) or ())


def _add_to(route: APIRoute) -> None:
    # A class of somebody's own may do anything around its handler, and be right to do it before the check.
    if type(route) is not APIRoute or "get_route_handler" in vars(route):
        return
    build = route.get_route_handler

    def get_route_handler() -> _Handler:
        view = _view_of(route)
        return build() if view is None else _fast_or_full(view, build)

    # An included route's handler is built when it is first asked for; a route of the app itself has it already.
    route.get_route_handler = get_route_handler
    try:
        app = fastapi.routing.request_response(_fast_or_full(route, build))
        if _are_of_one_kind(route.app, app):
            route.app = app
    except _OTHER_INSIDES as error:
        _fall_back(error)


def _view_of(route: APIRoute) -> _Holder | None:
    """While an included router makes its view of the route, FastAPI keeps that view in a context variable."""
    variable: ContextVar[Any] | None = getattr(fastapi.routing, "_effective_route_context_var", None)
    view = None if variable is None else variable.get(None)
    return view if getattr(view, "original_route", None) is route else None


def _are_of_one_kind(app: object, other: object) -> bool:
    """Whether one function made both. False where the route has more around its handler, such as a body limit."""
    code = getattr(app, "__code__", None)
    return code is not None and code is getattr(other, "__code__", None)


def _fast_or_full(holder: _Holder, build: Callable[[], _Handler]) -> _Handler:
    try:
        return _with_fast_path(holder, build)
    except _OTHER_INSIDES as error:
        _fall_back(error)
        return build()


def _fall_back(error: Exception) -> None:
    """Nothing is wrong, only slower: whoever wonders about microseconds finds the reason at the level of debugging."""
    _log.debug("a route has no fast path: FastAPI's insides are not the known ones (%r)", error)


def _with_fast_path(holder: _Holder, build: Callable[[], _Handler]) -> _Handler:
    full_handler = build()
    full = holder.dependant
    lifted = _leading_checks(full) if inspect.iscoroutinefunction(full.call) else []
    required = _requirements_of(lifted)
    reduced = _without(full, lifted)
    overridable = holder.dependency_overrides_provider
    if not _has_check(full):
        return full_handler
    holder.dependant = reduced
    try:
        fast_handler = build()
    finally:
        holder.dependant = full

    async def handle(request: Request) -> Response:
        if overridable is not None and overridable.dependency_overrides:
            return await full_handler(request)
        if lifted:
            scope = request.scope
            try:
                check = check_of(scope)
                result = scope[_RESULT] = check.recall(scope) or await check.identify(scope)
                if required:
                    refuse_unmet(required, result.identity)
            except AuthError:
                offer_rendering(scope)
                raise
        return await fast_handler(request)

    return handle


def _leading_checks(full: Dependant) -> list[Dependant]:
    """Those of ours that FastAPI would solve first: nobody else's work may be done later than it was."""
    return list(takewhile(lambda dependant: _selector_of(dependant.call) is not None, full.dependencies))


def _selector_of(call: object) -> Callable[[CheckResult], Any] | None:
    """What a route gets from this check; None for anything that may not be made first."""
    return _SELECT[current_identity] if isinstance(call, Guard) else _SELECT.get(call)


def _requirements_of(lifted: list[Dependant]) -> tuple[Requirement, ...]:
    """In their order, each once."""
    guards = [dependant.call for dependant in lifted]
    return tuple(dict.fromkeys(one for guard in guards if isinstance(guard, Guard) for one in guard.requirements))


def _has_check(dependant: Dependant) -> bool:
    return _is_check(dependant.call) or any(map(_has_check, dependant.dependencies))


def _is_check(call: object) -> bool:
    return call is optional_user or _selector_of(call) is not None


def _without(full: Dependant, lifted: list[Dependant]) -> Dependant:
    """The same route, whose function gets from the scope what the lifted checks found."""
    reduced = _hollow(full)
    if not lifted:
        return reduced
    reduced.dependencies = reduced.dependencies[len(lifted) :]
    is_ours = full.request_param_name is None
    request_name = reduced.request_param_name = full.request_param_name or _REQUEST
    named = [(dependant.name, _selector_of(dependant.call)) for dependant in lifted]
    values = [(name, select) for name, select in named if name is not None and select is not None]
    endpoint = cast("Callable[..., Awaitable[object]]", full.call)

    @wraps(endpoint)
    async def call(**given: object) -> object:
        request: Any = given.pop(request_name) if is_ours else given[request_name]
        result: CheckResult = request.scope[_RESULT]
        for name, select in values:
            given[name] = select(result)
        return await endpoint(**given)

    reduced.call = call
    return reduced


def _hollow(dependant: Dependant) -> Dependant:
    """A copy in which no check has the security schemes below it: they are there for OpenAPI, and do nothing."""
    hollow = copy(dependant)
    hollow.dependencies = [] if _is_check(dependant.call) else [_hollow(inner) for inner in dependant.dependencies]
    return hollow
