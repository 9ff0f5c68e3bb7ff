"""The auth tables: in a database, and as `schema export` writes them for a tool."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stack.processes import AUTH_SERVER, Environment, run

_ORMS = Path(__file__).parent
PROGRAMS = _ORMS / "programs"
# What each language of the files has to escape, and what PostgreSQL writes back in its own words.
_FIELDS: list[dict[str, Any]] = [
    {"name": "plan", "type": "string", "default": "it's `free` ${x}", "required": True, "services": True},
    {"name": "preferences", "type": "json", "default": {"a": [1]}, "update": True},
    {"name": "since", "type": "date", "default": "2026-01-31T12:00:00.5+02:00"},
    {"name": "birthday", "type": "date", "default": "now"},
    {"name": "seats", "type": "number", "default": 1.5},
    {"name": "githubUsername", "type": "string", "unique": True},
    {"name": "text", "type": "string", "default": 'a\\b :c %s "d"'},
    {"name": "limits", "type": "json", "default": {"zz": 1, "b": True, "a": [{"zz": 1e21, "a": "x"}]}},
    *(
        {"name": f"number{n}", "type": "number", "default": value}
        for n, value in enumerate((-1, -0.5, 1e-7, 1e21, 3e9))
    ),
    # What is something else in the files.
    *({"name": name, "type": "string"} for name in ("is", "metadata", "datetime", "_", "_1", "_name", "passkeys")),
]
NAMES: dict[str, Environment] = {
    "default": {},
    "renamed": {
        "AUTH_DB_SCHEMA": "auth",
        "AUTH_TABLE_NAMES": f"plural, snake_case, passkey={'k' * 60}",
        "AUTH_COLUMN_NAMES": "snake_case, user.name=full_name",
        "AUTH_USER_FIELDS": json.dumps(_FIELDS),
    },
}


@dataclass(frozen=True)
class Tables:
    """Of a migrated database."""

    environment: Environment

    @property
    def schema(self) -> str:
        return self.environment.get("AUTH_DB_SCHEMA", "public")

    @property
    def url(self) -> str:
        """With PostgreSQL's own search path, as an application has it."""
        database = urlsplit(self.environment["DATABASE_URL"]).path
        return urlsplit(self.environment["DATABASE_ADMIN_URL"])._replace(scheme="postgresql", path=database).geturl()

    def exported(self, tool_format: str) -> str:
        return _printed((*AUTH_SERVER, "schema", "export", "--format", tool_format), self.environment)

    def changes(self, tool: "Tool", models: str, folder: Path) -> list[str]:
        """What the tool proposes to change in the database for these models. `folder`: an empty one."""
        (folder / "node_modules").symlink_to(_ORMS / "node_modules")
        file = folder / tool.file
        file.write_text(models, encoding="utf-8")
        printed = _printed((*tool.command, str(file), self.url, self.schema), {})
        return json.loads(printed.splitlines()[-1])


@dataclass(frozen=True)
class Tool:
    format: str
    file: str
    command: tuple[str, ...]


def _printed(command: tuple[str, ...], environment: Environment) -> str:
    done = run(command, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
