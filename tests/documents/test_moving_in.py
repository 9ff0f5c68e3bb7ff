"""The guides of docs/moving-in/: who follows one signs in with the old password, and the keys of the old app hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from documents.conftest import serving
from documents.pages import Page, blocks
from documents.shell import Shell
from stack.target import REPOSITORY, Stack, environment, literal
from stack.visitors import ApiClient, User

pytestmark = pytest.mark.embedded
PASSWORD = "an old Pässword 1"
SCHEMA = "old_app"


@dataclass(frozen=True)
class Guide:
    name: str
    email: str
    old_id: str
    keys: tuple[str, ...]
    """Columns of the old app that point at the new table in the end."""


GUIDES = [
    Guide("fastapi-users", "ada.fu@example.com", "93a9bb6d-23be-4d0b-b344-f83fb89541f5", ("projects.owner_id",)),
    Guide("fastapi-template", "ada.ft@example.com", "60cea79d-6fc4-4fbd-85bc-b7aea826744d", ("item.owner_id",)),
    Guide("django", "ada.dj@example.com", "7001", ("shop_order.buyer_id", "shop_profile.user_id")),
    Guide("prisma", "ada.pr@example.com", "cmwzr82rq0002t27d0cj276le", ('"Server"."ownerId"', '"_RoleToUser"."B"')),
    Guide("supabase", "ada.su@example.com", "d3e8ccc2-8384-432d-9404-45ad98959e9d", ("profiles.id",)),
    Guide("csv", "ada.csv@example.com", "C-1001", ("invoices.customer",)),
]


@pytest.fixture(params=GUIDES, ids=lambda guide: guide.name)
def guide(request: pytest.FixtureRequest) -> Guide:
    return request.param


@pytest.fixture
def old_app(stack: Stack, guide: Guide) -> Iterator[str]:
    """Its tables, in the database of the auth server, as the guides want it. The schema they are in."""
    made = (Path(__file__).parent / "old" / f"{guide.name}.sql").read_text()
    in_old(stack, f"CREATE SCHEMA {SCHEMA}; {made}")
    yield SCHEMA
    in_old(stack, f"DROP SCHEMA {SCHEMA} CASCADE; DROP SCHEMA IF EXISTS auth CASCADE")


def test_who_follows_the_guide_signs_in_with_the_old_password(
    stack: Stack, guide: Guide, old_app: str, project: Shell, tmp_path: Path
) -> None:
    page = follow(stack, guide.name, tmp_path)

    client = ApiClient(stack)
    client.sign_in(User(email=guide.email, password=PASSWORD)).raise_for_status()
    assert client.session().json()["user"]["id"] == guide.old_id
    assert ApiClient(stack).sign_in(User(email=guide.email, password="another password")).status_code == 401
    assert [key for key in guide.keys if not leads_here(stack, old_app, key)] == []
    (app,) = blocks(page.text, "python")
    module = f"from_{guide.name.replace('-', '_')}"
    (project.folder / f"{module}.py").write_text(app)
    with serving(project, f"{module}:app") as url:
        assert client.request("GET", f"{url}/whoami").json() == {"id": guide.old_id}


def test_an_old_row_goes_with_its_user(stack: Stack, tmp_path: Path) -> None:
    """Of one guide: it is the same statement in all of them."""
    made = (Path(__file__).parent / "old" / "prisma.sql").read_text().replace("Ada.PR", "Ada.Gone")
    in_old(stack, f"CREATE SCHEMA {SCHEMA}; {made.replace('cmwzr82rq', 'cmwzr82gone')}")
    try:
        follow(stack, "prisma", tmp_path)

        stack.sql("""DELETE FROM "user" WHERE email = 'ada.gone@example.com'""")

        assert stack.sql(f'SELECT * FROM {SCHEMA}."Server"') == []
    finally:
        in_old(stack, f"DROP SCHEMA {SCHEMA} CASCADE")


def follow(stack: Stack, name: str, folder: Path) -> Page:
    """Writes the files of the page, runs its commands, and then its SQL."""
    page = Page(f"docs/moving-in/from-{name}.md")
    for file, language in (("customers.csv", "csv"), ("mapping.json", "json")):
        for content in blocks(page.text, language):
            (folder / file).write_text(content)
    shell = reader(stack, folder)
    for block in blocks(page.text, "sh"):
        printed, shell = shell.run(with_address(block, stack.database_superuser_url))
        assert "Import from" in printed
    for statements in blocks(page.text, "sql"):
        in_old(stack, statements)
    return page


def with_address(block: str, url: str) -> str:
    """The page's example of an address, replaced by the one of the test's database."""
    lines = [
        f"export OLD_DATABASE_URL='{url}'" if line.startswith("export OLD_DATABASE_URL=postgres://") else line
        for line in block.splitlines()
    ]
    return "\n".join(lines)


def reader(stack: Stack, folder: Path) -> Shell:
    """Its `make` does what `make import` does on the stack of `make up`, on the stack under test."""
    command = folder / "bin" / "make"
    command.parent.mkdir()
    program = REPOSITORY / "auth-server" / "dist" / "main.js"
    command.write_text(
        f'#!/bin/sh\n[ "$1" = import ] || exit 64\neval "exec node \'{program}\' import --relative-to . ${{2#ARGS=}}"\n'
    )
    command.chmod(0o755)
    machine = {"PATH": f"{command.parent}:{environment['PATH']}", "HOME": str(folder)}
    service = {
        "NODE_ENV": "development",
        "BETTER_AUTH_SECRET": stack.secret,
        "INTERNAL_TOKEN": stack.internal_token,
        "DATABASE_URL": stack.database_url,
    }
    return Shell(folder, {**machine, **service})


def in_old(stack: Stack, statements: str) -> None:
    """As the owner of the old tables would say them."""
    with psycopg.connect(stack.database_superuser_url, options=f"-c search_path={SCHEMA}") as connection:
        connection.execute(statements.encode())


def leads_here(stack: Stack, schema: str, key: str) -> bool:
    """Whether a validated foreign key goes from this column to the auth server's table, whose row it finds."""
    table, _, column = key.partition(".")
    found = stack.sql(
        f"""SELECT 1 FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
            WHERE k.contype = 'f' AND k.convalidated AND k.confrelid = 'public."user"'::regclass
              AND k.conrelid = '{schema}.{table}'::regclass AND a.attname = {literal(column.strip('"'))}"""
    )
    joined = stack.sql(f'SELECT 1 FROM {schema}.{table} t JOIN public."user" u ON u.id = t.{column}')
    return bool(found and joined)


def test_every_guide_is_tested() -> None:
    pages = sorted(path.stem for path in (REPOSITORY / "docs" / "moving-in").glob("from-*.md"))

    assert pages == sorted(f"from-{guide.name}" for guide in GUIDES)
