"""assert_all_routes_guarded(): no route of an app is open by oversight."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, cast

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Host, Mount, WebSocketRoute

from auth_sidecar.requests.dependencies import current_app_user, current_identity, current_user
from auth_sidecar.requests.guard import Guard
from auth_sidecar.requests.routes import calls_below, each_route

_GUARDS: tuple[object, ...] = (current_user, current_identity, current_app_user)


class _Found(NamedTuple):
    """What somebody can call."""

    path: str
    kind: str
    """A method, ANY for a class that decides itself, WEBSOCKET, or MOUNT for an app without routes: StaticFiles."""
    is_guarded: bool
    where: str

    @property
    def name(self) -> str:
        return f"{self.kind} {self.path}"

    def is_in(self, public: Collection[str]) -> bool:
        return self.path in public or self.name in public


def assert_all_routes_guarded(
    app: Starlette, public: Collection[str] = (), *, guards: Collection[Callable[..., object]] = ()
) -> None:
    """Raises AssertionError, with the file and line of each route that serves requests of nobody.

        def test_every_route_is_guarded() -> None:
            assert_all_routes_guarded(app, public={"/", "GET /health", "/docs", "/openapi.json"})

    A route is guarded if it depends on CurrentUser, CurrentIdentity, current_app_user or `require(...)`, itself or
    through its routers, at any depth. OptionalUser lets everybody in, so it is none. Routes of included routers, of
    mounted apps and WebSockets are looked at too. `public` names what is meant to be open: a path as it was declared,
    with prefixes (`/items/{item_id}`), for all its methods, or one method of it (`GET /items`, `WEBSOCKET /live`,
    `MOUNT /static`). `guards` are dependencies of your own that let nobody in, such as one that checks an API key. What
    a middleware refuses cannot be seen.

    It fails too for what is in `public` but guarded, or not there: the next route of that path would be open unnoticed.
    """
    found = list(_find(app, app.routes, "", (*_GUARDS, *guards)))
    unguarded = [one for one in found if not one.is_guarded]
    in_the_open = sorted(f"{one.name}  ({one.where})" for one in unguarded if not one.is_in(public))
    needless = sorted(name for name in public if not any(one.is_in([name]) for one in unguarded))
    faults = [
        *_listed("These routes serve requests of nobody. Guard them, or name them in `public`:", in_the_open),
        *_listed("These are in `public`, but no route that is open has this path:", needless),
    ]
    if faults:
        raise AssertionError("\n".join(faults))


def _listed(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines)] if lines else []


def _find(app: object, routes: Iterable[BaseRoute], prefix: str, guards: tuple[object, ...]) -> Iterator[_Found]:
    for route in each_route(routes):
        original = getattr(route, "original_route", route)
        if isinstance(original, Mount | Host):
            yield from _find_mounted(route, f"{prefix}{getattr(route, 'path', None) or ''}", guards)
            continue
        where = _where(getattr(route, "endpoint", None) or original)
        for kind in _kinds(route):
            yield _Found(f"{prefix}{route.path}", kind, _is_guarded(route, guards), where)
    for group in _frontends_of(app):
        outer = f"{prefix}{getattr(group, 'frontend_prefix', '')}"
        for frontend in getattr(group, "original_route", group).routes:
            path = f"{outer}{frontend.path}" if frontend.path != "/" else outer or "/"
            yield _Found(path, "GET", _is_guarded(group, guards), _where(frontend.app))


def _find_mounted(route: Any, prefix: str, guards: tuple[object, ...]) -> Iterator[_Found]:  # noqa: ANN401 - FastAPI's view has no public type
    """An app that is mounted gives its own routes. A Host is a mount for requests to one host."""
    if route.routes:
        yield from _find(route.app, route.routes, prefix, guards)
    else:
        yield _Found(prefix or "/", "MOUNT", is_guarded=False, where=_where(route.app))


def _frontends_of(app: object) -> list[Any]:
    """Folders of files that a newer FastAPI serves where no route has the path: they are in no list of routes."""
    iterate = getattr(getattr(app, "router", None), "_iter_low_priority_routes", None)
    groups = cast("Iterable[Any]", iterate() if iterate else ())
    return [group for group in groups if hasattr(getattr(group, "original_route", group), "routes")]


def _is_guarded(route: Any, guards: tuple[object, ...]) -> bool:  # noqa: ANN401 - as above
    dependant = getattr(route, "dependant", None)
    return dependant is not None and any(_is_guard(call, guards) for call in calls_below(dependant))


def _is_guard(call: object, guards: tuple[object, ...]) -> bool:
    return isinstance(call, Guard) or call in guards


def _kinds(route: Any) -> list[str]:  # noqa: ANN401 - as above
    """Starlette adds HEAD to every GET: it is not a route of its own."""
    if isinstance(getattr(route, "original_route", route), WebSocketRoute):
        return ["WEBSOCKET"]
    methods: set[str] = getattr(route, "methods", None) or {"ANY"}
    return sorted(methods - {"HEAD"} if "GET" in methods else methods)


def _where(endpoint: object) -> str:
    """`app/reports.py:12, read_reports`. For an object, where its class is."""
    while isinstance(endpoint, partial):
        endpoint = endpoint.func
    unwrapped: Any = inspect.unwrap(endpoint) if callable(endpoint) else endpoint
    is_written = inspect.isroutine(unwrapped) or inspect.isclass(unwrapped)
    there = cast("Any", unwrapped if is_written else type(unwrapped))
    name = getattr(there, "__qualname__", repr(there))
    try:
        _, line = inspect.getsourcelines(there)
        file = Path(inspect.getsourcefile(there) or "")
    except (OSError, TypeError):
        return name
    return f"{_relative(file)}:{line}, {name}"


def _relative(file: Path) -> Path:
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file
