"""The commands of docs/troubleshooting.md print what is written behind their `#`, and those of CONTRIBUTING.md work."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from documents.pages import Command, Page
from documents.shell import at_stack, open_shell
from stack.repository import text
from stack.target import REPOSITORY, Stack
from stack.visitors import ApiClient, User

TROUBLESHOOTING = Page("docs/troubleshooting.md")
CURLS = TROUBLESHOOTING.commands("curl")
# Compose does not publish the private port.
CASES = [
    pytest.param(curl, marks=[pytest.mark.embedded] if "localhost:4001" in curl.line else [], id=curl.line)
    for curl in CURLS
]


def test_every_curl_command_says_what_it_should_print() -> None:
    assert len(CURLS) > 10
    assert [curl.line for curl in CURLS if not curl.expected] == []


@pytest.mark.parametrize("command", CASES)
def test_a_curl_command_prints_what_the_page_says(
    stack: Stack, client: ApiClient, user: User, tmp_path: Path, command: Command
) -> None:
    client.sign_up(user).raise_for_status()
    shell = open_shell(
        tmp_path,
        EMAIL=user.email,
        PASSWORD=user.password,
        TOKEN=client.token,
        INTERNAL_TOKEN=stack.internal_token,
    )

    printed, _ = shell.run(at_stack(stack, command.line))

    assert [word for word in command.expected if word not in printed] == [], printed


@pytest.mark.parametrize("command", TROUBLESHOOTING.commands("make psql"), ids=lambda command: command.line)
def test_a_statement_of_the_page_is_one_that_the_database_takes(stack: Stack, command: Command) -> None:
    name, _, statement = shlex.split(command.line)[2].partition("=")

    assert name == "SQL"
    assert isinstance(stack.sql(statement), list)


@pytest.mark.embedded
def test_the_variables_of_contributing_reach_the_tables_as_their_owner(stack: Stack, tmp_path: Path) -> None:
    """As `make up` would write them into .env, and from a folder beside it."""
    page = text("CONTRIBUTING.md")
    lines = re.findall(r"(?m)^ {7}(set -a|export BACKEND_)(.+)$", page)
    shown = "\n".join(begin + rest for begin, rest in lines)
    serving, owning = urlsplit(stack.backend_database_url), urlsplit(stack.backend_migration_database_url)
    environment_file = tmp_path / "given.env"
    environment_file.write_text(
        f"BACKEND_DB_ROLE={serving.username}\nBACKEND_DB_PASSWORD={serving.password}\n"
        f"BACKEND_OWNER_DB_PASSWORD={owning.password}\nAUTH_DB_SCHEMA=public\nBACKEND_DB_SCHEMA=\n"
    )
    assert [shown.count(part) for part in ("../.env", "127.0.0.1:5432")] == [1, 2]
    shown = shown.replace("../.env", str(environment_file)).replace(":5432", f":{serving.port}")

    _, shell = open_shell(tmp_path).run(shown)
    python = REPOSITORY / ".venv" / "bin" / "python"
    checked, _ = shell.run(f"cd {REPOSITORY / 'backend-fastapi'} && {python} -m alembic check && cd {tmp_path}")

    used = [urlsplit(shell.variables[f"BACKEND_{name}"]) for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL")]
    assert [url.netloc for url in used] == [serving.netloc, owning.netloc]
    assert "No new upgrade operations detected." in checked
