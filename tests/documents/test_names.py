"""Every setting, error code and port that the guides name exists."""

import re

import pytest
import yaml

from documents.pages import Page
from stack.repository import text, tracked

GUIDES = [
    *("add-to-your-app", "guards", "testing", "deploy", "upgrade", "troubleshooting"),
    *(f"moving-in/{name}" for name in ("from-fastapi-users", "from-fastapi-template", "from-supabase")),
]
PORTS = {"AUTH_PORT": "4000", "AUTH_INTERNAL_PORT": "4001", "BACKEND_PORT": "8000", "FRONTEND_PORT": "3000"}
OLD_APP = {"OLD_DATABASE_URL", "OLD_TOKEN", "SECRET_KEY"}
"""What a reader has of the app that they come from."""
_NAME = re.compile(r"(?<![\w./-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b(?!_)")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_and_code_that_is_named_exists(guide: str) -> None:
    page = Page(f"docs/{guide}.md").text
    settings = set(re.findall(r"(?m)^([A-Z][A-Z0-9_]*)=", text(".env.example")))
    codes = set(re.findall(r"`([A-Z][A-Z_]+)`", text("docs/errors.md")))

    assert set(_NAME.findall(page)) - settings - codes - OLD_APP == set()


def test_the_index_lists_every_page() -> None:
    pages = [path.removeprefix("docs/") for path in tracked() if re.fullmatch(r"docs/[\w-]+\.md", path)]

    assert [page for page in pages if page != "README.md" and f"]({page})" not in text("docs/README.md")] == []


def test_the_ports_of_the_pages_are_the_defaults() -> None:
    defaults = dict(re.findall(r"(?m)^([A-Z_]+_PORT)=(\d*)$", text(".env.example")))

    assert {name: defaults[name] for name in PORTS} == PORTS


def test_the_names_in_compose_are_those_of_the_page() -> None:
    """The private network, and the auth server's name on it."""
    compose = text("docker-compose.yaml")
    page = Page("docs/add-to-your-app.md").text

    assert "http://auth-private:4001" in page
    assert "`private`" in page
    assert "aliases: [auth-private]" in compose
    assert "AUTH_SERVER_URL:-http://auth-private:4001" in compose


@pytest.mark.parametrize("guide", ["deploy", "upgrade"])
def test_the_commands_of_a_deployment_are_those_of_compose_in_their_order(guide: str) -> None:
    shown = [command.line for command in Page(f"docs/{guide}.md").commands("(?:node|python)")]
    services = yaml.safe_load(text("docker-compose.yaml"))["services"]
    setup, auth, backend = (services[name]["command"] for name in ("database-setup", "auth-migrate", "backend-migrate"))

    assert shown == [*(f"node dist/main.js {' '.join(command)}" for command in (setup, auth)), " ".join(backend)]
    assert "database-setup" in services["auth-migrate"]["depends_on"]
    assert "auth-migrate" in services["backend-migrate"]["depends_on"]
