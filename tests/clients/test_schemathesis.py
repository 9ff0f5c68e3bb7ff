"""schemathesis with all of its checks: both services respond as their documents say.

It sends the same requests in each run, so that a failure belongs to the change that is tested.
`make fuzz` sends random ones.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any, Protocol

import pytest

from clients.venv import run
from stack.target import REPOSITORY, Stack
from stack.users import sign_up, sign_up_admin
from stack.visitors import ApiClient

# In Compose they are the same programs with the same documents, and this takes a minute.
pytestmark = pytest.mark.embedded
SETTINGS = Path(__file__).parent / "schemathesis"
ERROR = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
    "required": ["code", "message"],
    "additionalProperties": False,
}
# Of better-auth's routes, those that serve somebody without a session.
PUBLIC = {
    *("/sign-up/email", "/sign-in/email", "/sign-in/social", "/sign-out", "/get-session", "/ok", "/error"),
    *("/request-password-reset", "/reset-password", "/reset-password/{token}", "/callback/{id}"),
    *("/verify-email", "/send-verification-email", "/delete-user/callback"),
    *("/passkey/generate-authenticate-options", "/passkey/verify-authentication"),
    *("/sign-in/magic-link", "/email-otp/send-verification-otp", "/magic-link/verify", "/sign-in/email-otp"),
}


class ENDING:
    """What ends the caller's own session, and so comes last."""

    _pattern = "^/(sign-out|revoke-sessions?|delete-user.*)$"
    without = ("--exclude-path-regex", _pattern)
    only = ("--include-path-regex", _pattern)


class Fuzz(Protocol):
    def __call__(self, document: str | Path, url: str, token: str, *options: str) -> None: ...


@pytest.fixture
def fuzz(pytestconfig: pytest.Config, tmp_path: Path) -> Fuzz:
    seconds = int(pytestconfig.getoption("fuzz_seconds") or 0)
    random = ("--generation-database", "none", "--max-time", str(seconds))
    requests = random if seconds else ("--generation-deterministic",)

    def fuzz(document: str | Path, url: str, token: str, *options: str) -> None:
        command: list[str | Path] = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", SETTINGS / "schemathesis.toml"),
            *("run", document, "--url", url, "--header", f"Authorization: Bearer {token}", "--no-color"),
            # CPython before 3.11.8 can fail when two threads parse Python at once, as Hypothesis does (gh-106905).
            *("--workers", "1", "--max-examples", "20", *requests, *options),
        ]
        variables = {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(SETTINGS)}
        try:  # in the test's folder, where it keeps what it found
            run(command, tmp_path, variables, deadline_seconds=240 + seconds)
        except AssertionError as failed:
            # Only what it found: the summary of a run shows the first lines of each failure.
            *_, found = re.split(r"^(?==+ (?:ERRORS|FAILURES) =)", str(failed), maxsplit=1, flags=re.MULTILINE)
            raise AssertionError(found) from None

    return fuzz


def test_the_backend_keeps_what_its_document_says(stack: Stack, client: ApiClient, fuzz: Fuzz) -> None:
    sign_up(client)

    fuzz(f"{stack.api_url}/openapi.json", stack.api_url, client.token)

    assert client.me().status_code == 200, "most requests were refused for want of a session"


def test_the_auth_server_keeps_what_better_auth_says(
    stack: Stack, client: ApiClient, fuzz: Fuzz, tmp_path: Path
) -> None:
    """As an administrator, so that the requests get past the first refusal."""
    sign_up_admin(client)
    document = tmp_path / "auth-server.json"
    document.write_text(json.dumps(_auth_server_document()))
    options = (
        *("--phases", "coverage,fuzzing"),
        # What better-auth says about its input is looser or stricter than what it takes. `ignored_auth` asks what
        # `missing_required_header` asks, which counts a call as one without the header that --header has put there.
        *("--exclude-checks", "positive_data_acceptance,negative_data_rejection,missing_required_header"),
    )

    fuzz(document, f"{stack.auth_url}/api/auth", client.token, *options, *ENDING.without)
    assert client.session().status_code == 200, "most requests were refused for want of a session"
    fuzz(document, f"{stack.auth_url}/api/auth", client.token, *options, *ENDING.only)


def _auth_server_document() -> dict[str, Any]:
    """better-auth's own, for its requests; what a refusal looks like is this project's promise."""
    variables = {
        "NODE_ENV": "development",
        "DATABASE_URL": "postgres://nobody@nowhere/nothing",
        "BETTER_AUTH_SECRET": "0" * 64,
        "INTERNAL_TOKEN": "0" * 64,
        "PUBLIC_URL": "http://localhost",
    }
    script = REPOSITORY / "auth-server" / "test" / "openapi.ts"
    document = json.loads(run(["node", "--import", "tsx", script], variables=variables))
    document["paths"]["/session"] = {"get": {"operationId": "readSession"}}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["security"] = [] if path in PUBLIC else [{"bearerAuth": []}]
            operation["responses"] = _responses()
    return document


def _responses() -> dict[str, Any]:
    refusal = {"description": "Refused", "content": {"application/json": {"schema": ERROR}}}
    retry = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
    challenge = {"WWW-Authenticate": {"required": True, "schema": {"type": "string", "const": "Bearer"}}}
    return {
        "200": {"description": "Done", "content": {"application/json": {}}},
        "302": {"description": "On to a page"},
        "401": {**refusal, "headers": challenge},
        "429": {**refusal, "headers": retry},
        "4XX": refusal,
    }
