"""How answers look in JSON: camelCase, and times as better-auth writes them."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from auth_sidecar import ErrorBody, auth_responses


def _to_iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp: TypeAlias = Annotated[datetime, PlainSerializer(_to_iso, return_type=str)]
"""2026-01-31T12:00:00.000Z"""


class Answer(BaseModel):
    """Base of every route's answer; reads database rows as well."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, from_attributes=True)


def _refusal(description: str) -> dict[str, Any]:
    return {"model": ErrorBody, "description": description}


# For `responses=` of a router whose routes want a user.
protected_responses: dict[int | str, dict[str, Any]] = {
    **auth_responses,
    422: _refusal("The request is not valid; the message names the fields."),
    503: _refusal("The auth server or the database is away. Retry after the seconds given."),
}
body_responses: dict[int | str, dict[str, Any]] = {
    400: _refusal("The body is not JSON."),
    413: _refusal("The body is larger than 64 KiB."),
    415: _refusal("The body is not application/json."),
}
not_found_response: dict[int | str, dict[str, Any]] = {404: _refusal("There is no such thing of yours.")}
