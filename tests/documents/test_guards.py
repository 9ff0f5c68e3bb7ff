"""docs/guards.md, on the real stack: what a route requires is seen at once, though sessions are cached."""

from collections.abc import Iterator

import pytest

from documents.conftest import GUIDE, serving
from documents.pages import Page, blocks
from documents.shell import Shell
from stack.target import Stack, literal
from stack.visitors import ApiClient, User

pytestmark = pytest.mark.embedded
PAGE = Page("docs/guards.md")
REQUESTS = 20
"""Enough for the session to be cached by the end."""


@pytest.fixture(scope="module")
def url(project: Shell) -> Iterator[str]:
    app = [GUIDE.block("Protect a route", "python"), *blocks(PAGE.text, "python")]
    (project.folder / "guarded.py").write_text("\n\n".join(app))
    with serving(project, "guarded:app") as url:
        yield url


@pytest.fixture
def client(client: ApiClient, user: User) -> ApiClient:
    """Signed in."""
    client.sign_up(user).raise_for_status()
    return client


def change(stack: Stack, statement: str) -> None:
    """By SQL, which every cache has heard of in the end."""
    stack.sql(statement)
    stack.settle()


def code_of(client: ApiClient, method: str, url: str) -> str | None:
    """Of the refusal; None for a 200."""
    response = client.request(method, url)
    assert response.status_code in (200, 403), response.text
    return None if response.status_code == 200 else response.json()["code"]


def test_an_address_counts_from_the_moment_it_is_verified(
    stack: Stack, client: ApiClient, user: User, url: str
) -> None:
    assert {code_of(client, "POST", f"{url}/reports") for _ in range(REQUESTS)} == {"EMAIL_NOT_VERIFIED"}

    change(stack, f"""UPDATE "user" SET "emailVerified" = true WHERE email = {literal(user.email)}""")

    assert {code_of(client, "POST", f"{url}/reports") for _ in range(REQUESTS)} == {None}


def test_a_sign_in_is_fresh_until_it_is_not(stack: Stack, client: ApiClient, user: User, url: str) -> None:
    assert {code_of(client, "DELETE", f"{url}/reports") for _ in range(REQUESTS)} == {None}

    change(
        stack,
        f"""UPDATE session SET "createdAt" = "createdAt" - interval '11 minutes'
            WHERE "userId" = (SELECT id FROM "user" WHERE email = {literal(user.email)})""",
    )

    assert {code_of(client, "DELETE", f"{url}/reports") for _ in range(REQUESTS)} == {"SESSION_NOT_FRESH"}
    client.sign_in(user).raise_for_status()
    assert code_of(client, "DELETE", f"{url}/reports") is None


def test_an_administrator_who_acts_as_a_user_has_not_signed_in_as_them(
    stack: Stack, client: ApiClient, user: User, url: str
) -> None:
    admin = User()
    ApiClient(stack).sign_up(admin).raise_for_status()
    stack.sql(f"""UPDATE "user" SET role = 'admin' WHERE email = {literal(admin.email)}""")
    user_id = client.session().json()["user"]["id"]
    acting = ApiClient(stack)
    acting.sign_in(admin).raise_for_status()
    acting.auth("POST", "/admin/impersonate-user", json={"userId": user_id}).raise_for_status()

    assert acting.request("GET", f"{url}/reports").json() == {"for": user.email}
    assert code_of(acting, "DELETE", f"{url}/reports") == "SESSION_NOT_FRESH"
    assert code_of(client, "DELETE", f"{url}/reports") is None


def test_a_requirement_of_the_pages_own_refuses_with_its_code(
    stack: Stack, client: ApiClient, user: User, url: str
) -> None:
    assert code_of(client, "GET", f"{url}/audit") == "FORBIDDEN"
    change(stack, f"""UPDATE "user" SET role = 'user,auditor' WHERE email = {literal(user.email)}""")
    assert code_of(client, "GET", f"{url}/audit") == "EMAIL_NOT_VERIFIED"


def test_the_document_says_what_each_route_requires(client: ApiClient, url: str) -> None:
    paths = client.request("GET", f"{url}/openapi.json").json()["paths"]

    assert paths["/audit"]["get"]["description"] == "Requires the role auditor and a verified e-mail address."
    assert "`SESSION_NOT_FRESH`: Sign in again" in paths["/reports"]["delete"]["responses"]["403"]["description"]
