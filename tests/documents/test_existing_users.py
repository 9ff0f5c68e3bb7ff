"""docs/add-to-your-app.md, its end: an app that has users, keys that point at them, and JWTs that it has signed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from documents.conftest import EXISTING, GUIDE, serving
from documents.shell import Shell
from documents.test_moving_in import PASSWORD, SCHEMA, in_old, leads_here, reader, with_address
from stack.processes import Command
from stack.replica import auth_server
from stack.target import Stack
from stack.visitors import ApiClient, User

pytestmark = pytest.mark.embedded
ID = "60cea79e-6fc4-4fbd-85bc-b7aea826744d"
EMAIL = "ada.existing@example.com"
SECRET_KEY = "vZ3mQ8wT1rY6uN4kXc9bJ2hL7sPf5gDa"
# As FastAPI's template makes them (app/core/security.py), with the library that it uses.
SIGN = "import jwt, time; print(jwt.encode({{'sub': '{id}', 'exp': int(time.time()) + {seconds}}}, '{key}', 'HS256'))"


@pytest.fixture(scope="module")
def moved(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The steps of the page that bring the users and turn the keys."""
    made = (Path(__file__).parent / "old" / "fastapi-template.sql").read_text()
    made = made.replace("60cea79d-", "60cea79e-").replace("Ada.FT", "Ada.Existing")
    in_old(stack, f"CREATE SCHEMA {SCHEMA}; {made}")
    try:
        shell = reader(stack, tmp_path_factory.mktemp("moving"))
        printed, _ = shell.run(with_address(GUIDE.block(EXISTING, "sh", 0), stack.database_superuser_url))
        assert "Import from" in printed
        in_old(stack, GUIDE.block(EXISTING, "sql"))
        yield
    finally:
        in_old(stack, f"DROP SCHEMA {SCHEMA} CASCADE")


@pytest.fixture(scope="module")
def auth_urls(
    stack: Stack, built_auth_server: Command, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """An auth server with the settings of the page: its public address, and that of its private port."""
    shown = dict(line.split("=", 1) for line in GUIDE.block(EXISTING, "ini").splitlines())
    assert set(shown) == {"OLD_TOKENS_UNTIL", "OLD_TOKENS_SECRET"}
    until = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    settings = {"OLD_TOKENS_UNTIL": until, "OLD_TOKENS_SECRET": SECRET_KEY}
    server, internal_url = auth_server(stack, built_auth_server, tmp_path_factory.mktemp("old") / "log", **settings)
    server.start()
    yield server.url, internal_url
    server.stop()


@pytest.fixture(scope="module")
def old_app(project: Shell) -> Shell:
    """Has what signed its tokens."""
    _, ready = project.run("pip install pyjwt")
    return ready


def signed(old_app: Shell, seconds: int) -> str:
    """A token of the old app. With another time it is another token."""
    printed, _ = old_app.run(f'python -c "{SIGN.format(id=ID, seconds=seconds, key=SECRET_KEY)}"')
    return printed.strip()


@pytest.fixture(scope="module")
def existing_url(project: Shell, auth_urls: tuple[str, str]) -> Iterator[str]:
    here = Shell(project.folder, {**project.variables, "AUTH_SERVER_URL": auth_urls[1]})
    with serving(here, "existing:app") as url:
        yield url


@pytest.mark.usefixtures("moved")
def test_the_commands_of_the_page_turn_an_old_token_into_a_session(
    project: Shell, auth_urls: tuple[str, str], existing_url: str, old_app: Shell
) -> None:
    shown = GUIDE.block(EXISTING, "sh", 1)
    shown = shown.replace("localhost:9000", urlsplit(existing_url).netloc)
    shown = shown.replace("localhost:4000", urlsplit(auth_urls[0]).netloc)

    printed, _ = project.run(f"OLD_TOKEN={signed(old_app, 600)}\n{shown}")

    assert re.findall(r"HTTP/1\.1 (\d+)", printed) == ["200", "200", "401"]
    assert printed.count(f'{{"id":"{ID}","email":"{EMAIL}"}}') == 2
    assert '"code":"OLD_TOKEN_ENDED"' in printed


@pytest.mark.usefixtures("moved")
def test_the_old_password_signs_in_and_the_old_row_is_theirs(stack: Stack, existing_url: str) -> None:
    client = ApiClient(stack)
    client.sign_in(User(email=EMAIL, password=PASSWORD)).raise_for_status()

    assert client.request("GET", f"{existing_url}/users/me").json() == {"id": ID, "email": EMAIL}
    assert leads_here(stack, SCHEMA, "item.owner_id")


@pytest.mark.usefixtures("moved")
def test_who_is_banned_is_out_at_once_with_an_old_token_too(stack: Stack, old_app: Shell, existing_url: str) -> None:
    headers = {"authorization": f"Bearer {signed(old_app, 500)}"}
    seen = [httpx.get(f"{existing_url}/users/me", headers=headers).status_code for _ in range(5)]
    admin = ApiClient(stack)
    administrator = User()
    admin.sign_up(administrator).raise_for_status()
    stack.sql(f"""UPDATE "user" SET role = 'admin' WHERE email = '{administrator.email}'""")

    admin.request("POST", f"{stack.auth_url}/api/auth/admin/ban-user", json={"userId": ID}).raise_for_status()

    assert seen == [200] * 5
    refused = httpx.get(f"{existing_url}/users/me", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "BANNED_USER")
    admin.request("POST", f"{stack.auth_url}/api/auth/admin/unban-user", json={"userId": ID}).raise_for_status()
