"""Writes into an app's OpenAPI document what `require` makes its routes refuse.

FastAPI reads from a dependency what it takes, and has no place for what it refuses with.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from auth_sidecar.requests.rendering import ErrorBody, auth_responses
from auth_sidecar.requests.routes import each_route, requirements_of
from auth_sidecar.requirements import Requirement

_Json: TypeAlias = dict[str, Any]
_REF_TEMPLATE = "#/components/schemas/{model}"


def document_requirements(app: Starlette) -> None:
    """Makes the documents of this app, and of those mounted in it, say what each route requires, and its 403.

    AuthSidecar's lifespan does this. Call it where a document is made without starting the app: in a script that
    writes openapi.json. Done twice, it does nothing more.
    """
    if isinstance(app, FastAPI) and not isinstance(app.openapi, _Documented):
        setattr(app, "openapi", _Documented(app.openapi, app.routes))  # noqa: B010 - a method, to the type checker
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, Starlette):
            document_requirements(route.app)


class _Documented:
    """`app.openapi`: the app's own, and what is required."""

    def __init__(self, build: Callable[[], _Json], routes: Iterable[BaseRoute]) -> None:
        self._build = build
        self._routes = routes
        self._last: _Json | None = None

    def __call__(self) -> _Json:
        document = self._build()
        if document is not self._last:  # FastAPI's own makes one, and returns it again
            _add_requirements(document, self._routes)
            self._last = document
        return document


def _add_requirements(document: _Json, routes: Iterable[BaseRoute]) -> None:
    for route in each_route(routes):
        dependant = getattr(route, "dependant", None)
        requirements = [] if dependant is None else requirements_of(dependant)
        if not requirements:
            continue
        operations = document.get("paths", {}).get(route.path_format, {})
        for method in getattr(route, "methods", None) or ():
            if method.lower() in operations:
                _describe(operations[method.lower()], requirements, _schema_in(document))


def _describe(operation: _Json, requirements: list[Requirement], schema: _Json) -> None:
    needs = _joined([requirement.needs for requirement in requirements])
    described = operation.get("description")
    operation["description"] = f"{described}\n\nRequires {needs}." if described else f"Requires {needs}."
    responses = operation.setdefault("responses", {})
    for status in (401, 503):
        responses.setdefault(str(status), _response(status, schema))
    for requirement in requirements:
        error = requirement.refusal()
        response = responses.setdefault(str(error.status_code), _response(error.status_code, schema))
        response["description"] = f"{response['description']}\n\n`{error.code}`: {error.message}".strip()


def _response(status: int, schema: _Json) -> _Json:
    """As a `responses=` of the route would have documented it. The origins are not this dependency's 403."""
    known = auth_responses.get(status, {}) if status != 403 else {}  # noqa: PLR2004 - a status of HTTP
    headers = {"headers": known["headers"]} if "headers" in known else {}
    return {
        "description": known.get("description", ""),
        **headers,
        "content": {"application/json": {"schema": schema}},
    }


def _schema_in(document: _Json) -> _Json:
    """A reference to ErrorBody. The schema itself, where the app has another model of that name."""
    own = ErrorBody.model_json_schema(ref_template=_REF_TEMPLATE)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    there = schemas.setdefault(ErrorBody.__name__, own)
    is_ours = there.get("properties") == own["properties"]
    return {"$ref": _REF_TEMPLATE.format(model=ErrorBody.__name__)} if is_ours else own


def _joined(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
