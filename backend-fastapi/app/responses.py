"""How responses look in JSON (camelCase, times as better-auth writes them) and how OpenAPI documents them.

Each list names only what can come from the routes that use it: a generated client makes a branch of everything listed.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from auth_sidecar import ErrorBody, auth_responses


def _to_iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _to_title(name: str, _info: object) -> str:
    return name.replace("_", " ").capitalize()


Timestamp: TypeAlias = Annotated[
    datetime,
    PlainSerializer(_to_iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-31T12:00:00.000Z"]}),
]
"""2026-01-31T12:00:00.000Z"""


class ResponseModel(BaseModel):
    """Base of every route's response; reads database rows as well."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, from_attributes=True, field_title_generator=_to_title
    )


Responses: TypeAlias = dict[int | str, dict[str, Any]]
"""For `responses=` of a router or a route."""


def _refusal(description: str) -> dict[str, Any]:
    return {"model": ErrorBody, "description": description}


protected_responses: Responses = {
    401: auth_responses[401],
    503: {**auth_responses[503], "description": "The auth server or the database is unavailable."},
}
"""Of every route that wants a user."""
changing_responses: Responses = {403: auth_responses[403]}
"""Of protected routes with an unsafe method, besides: GET never asks for an origin."""
input_responses: Responses = {422: _refusal("The request is not valid; the message names the fields.")}
"""Of routes with parameters or a body."""
body_responses: Responses = {
    **input_responses,
    400: _refusal("The body is not JSON."),
    413: _refusal("The body is larger than 64 KiB."),
    415: _refusal("The body is not application/json."),
}
not_found_response: Responses = {404: _refusal("There is no such thing of yours.")}
