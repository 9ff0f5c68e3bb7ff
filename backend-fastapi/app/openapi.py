"""What the OpenAPI document says about the service as a whole. Clients are generated from it: its names are an API."""

from typing import Any

from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel


def _operation_id(route: APIRoute) -> str:
    """`listNotes`, from the function's name: FastAPI's own repeat path and method (`list_notes_api_notes_get`)."""
    return to_camel(route.name)


_DESCRIPTION = """
Notes of signed-in users.

## Get a token

Sign in: the token is in the header `set-auth-token` of the response. With the demo account of `make up`, in the
repository's folder:

```sh
. ./.env
curl -s -o /dev/null -w '%header{{set-auth-token}}\\n' {origin}/api/auth/sign-in/email \\
  -H 'content-type: application/json' \\
  -d "{{\\"email\\": \\"$DEMO_EMAIL\\", \\"password\\": \\"$DEMO_PASSWORD\\"}}"
```

Choose **Authorize** below and paste it as *bearer*: each request of this page then carries it. Your own requests send
`Authorization: Bearer` and the token. Browsers need none of this: the app's pages use the session cookie.

## Errors

Every error has the body `{{"code", "message"}}`. Decide by the code: the words of the message may change.
"""


def document(origin: str) -> dict[str, Any]:
    """Arguments of FastAPI. The origin is where the app's pages are, and /api/auth beside them."""
    return {
        "title": "auth-sidecar: example backend",
        "description": _DESCRIPTION.format(origin=origin).strip(),
        "version": "0.1.0",
        "license_info": {"name": "MIT", "identifier": "MIT"},
        "openapi_tags": [
            {"name": "users", "description": "The user as this service knows them."},
            {"name": "notes", "description": "Texts that a user keeps."},
            {"name": "connected service", "description": "The user, as another service knows them."},
        ],
        "generate_unique_id_function": _operation_id,
    }
