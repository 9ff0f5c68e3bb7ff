"""What the OpenAPI document says about the service as a whole. Clients are generated from it: its names are an API."""

from typing import Any

from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel


def _operation_id(route: APIRoute) -> str:
    """`listNotes`, from the function's name: FastAPI's own repeat path and method (`list_notes_api_notes_get`)."""
    return to_camel(route.name)


DOCUMENT: dict[str, Any] = {
    "title": "auth-sidecar: example backend",
    "description": "Notes of signed-in users. Every error has the body `{code, message}`.",
    "version": "0.1.0",
    "license_info": {"name": "MIT", "identifier": "MIT"},
    "openapi_tags": [
        {"name": "users", "description": "The user as this service knows them."},
        {"name": "notes", "description": "Texts that a user keeps."},
    ],
    "generate_unique_id_function": _operation_id,
}
"""Arguments of FastAPI."""
