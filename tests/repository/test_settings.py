"""One list of settings: .env.example = what the services read = what Compose passes on."""

import ast
import re
from typing import Any

import yaml

from stack.repository import text, written

# Inside the containers these are always the same; where they are published is another matter.
FIXED_IN_COMPOSE = {f"{name}_{kind}" for name in ("AUTH", "AUTH_INTERNAL", "BACKEND") for kind in ("HOST", "PORT")}


def _example() -> set[str]:
    return set(re.findall(r"(?m)^([A-Z][A-Z0-9_]*)=", text(".env.example")))


def _auth_server_reads() -> set[str]:
    variables = text("auth-server/src/env.ts").split("z.object({", 1)[1].split("\n})", 1)[0]
    assert re.findall(r"(?m)^  \.\.\.(\w+)", variables) == ["OLD_TOKEN_VARIABLES"]
    variables += text("auth-server/src/env-old-tokens.ts").split("OLD_TOKEN_VARIABLES = {", 1)[1].split("\n}", 1)[0]
    return set(re.findall(r"(?m)^  ([A-Z][A-Z0-9_]*):", variables))


def _backend_reads() -> set[str]:
    """The annotated fields of every settings class."""
    fields: set[str] = set()
    for path in ("backend-fastapi/app/config.py", "backend-fastapi/auth_sidecar/src/auth_sidecar/settings.py"):
        for node in ast.parse(text(path)).body:
            if isinstance(node, ast.ClassDef) and "Settings" in node.name:
                fields |= {
                    field.target.id.upper()
                    for field in node.body
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
                }
    return fields


def _compose() -> dict[str, Any]:
    return yaml.safe_load(text("docker-compose.yaml"))


def _compose_passes(*services: str) -> set[str]:
    return {name for service in services for name in _compose()["services"][service].get("environment", {})}


def test_the_services_read_what_this_test_believes() -> None:
    assert {"DATABASE_URL", "BETTER_AUTH_SECRET", "RATE_LIMIT_SIGN_IN"} <= _auth_server_reads()
    assert {"BACKEND_DATABASE_URL", "INTERNAL_TOKEN", "SIDECAR_TIMEOUT_SECONDS"} <= _backend_reads()


def test_the_example_names_every_setting_that_a_service_reads() -> None:
    assert (_auth_server_reads() | _backend_reads()) - _example() == set()


def test_every_setting_of_the_example_is_read_by_something() -> None:
    sources = "\n".join(
        content
        for path, content in written().items()
        if path.endswith((".ts", "vite.config.ts", "Makefile", "docker-compose.yaml", "Caddyfile"))
        and ".test." not in path
    )
    read = _auth_server_reads() | _backend_reads()

    assert [name for name in sorted(_example() - read) if not re.search(rf"\b{name}\b", sources)] == []


def test_compose_passes_on_what_the_auth_server_reads() -> None:
    assert _compose_passes("auth-server", "auth-migrate", "database-setup") == _auth_server_reads()


def test_compose_passes_on_what_the_backend_reads() -> None:
    assert _compose_passes("backend", "backend-migrate") == _backend_reads()


def test_compose_takes_every_value_from_a_setting_of_the_example() -> None:
    used = set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)", text("docker-compose.yaml")))

    assert used - _example() == set()
    assert (_auth_server_reads() | _backend_reads()) - FIXED_IN_COMPOSE - used == set()


def test_the_example_holds_no_secret() -> None:
    secrets = re.findall(r"(?m)^(\w*(?:SECRET|TOKEN|PASSWORD))=(.*)$", text(".env.example"))

    assert len(secrets) >= 6
    assert [name for name, value in secrets if value] == []
