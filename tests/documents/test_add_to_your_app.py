"""docs/add-to-your-app.md: what it shows works as it says."""

from urllib.parse import urlsplit

import httpx
import pytest

from documents.pages import Page
from documents.shell import Shell, at_stack
from stack.target import Stack
from stack.visitors import ApiClient, Browser, User

pytestmark = pytest.mark.embedded
GUIDE = Page("docs/add-to-your-app.md")


@pytest.fixture
def client(client: ApiClient, user: User) -> ApiClient:
    """Signed in."""
    client.sign_up(user).raise_for_status()
    return client


def test_the_commands_of_the_page_show_a_401_and_then_a_200(
    stack: Stack, project: Shell, app_url: str, user: User
) -> None:
    shown = at_stack(stack, GUIDE.block("Try it", "sh")).replace("localhost:9000", urlsplit(app_url).netloc)
    assert shown.count("ada@example.com") == 1

    printed, _ = project.run(shown.replace("ada@example.com", user.email))

    refused, _, served = printed.partition("HTTP/1.1 200 OK")
    assert refused.startswith("HTTP/1.1 401 Unauthorized")
    assert '"code":"SESSION_REQUIRED"' in refused
    assert f'{{"for":"{user.email}"}}' in served


def test_a_session_counts_until_its_sign_out(client: ApiClient, app_url: str, user: User) -> None:
    assert client.request("GET", f"{app_url}/reports").json() == {"for": user.email}

    client.sign_out().raise_for_status()

    assert client.request("GET", f"{app_url}/reports").status_code == 401


def test_a_page_of_cors_origin_uses_the_cookie(stack: Stack, browser: Browser, app_url: str, user: User) -> None:
    browser.sign_up(user).raise_for_status()

    seen = browser.request("GET", f"{app_url}/reports")

    assert seen.json() == {"for": user.email}
    assert seen.headers["access-control-allow-origin"] == stack.frontend_url
    assert seen.headers["access-control-allow-credentials"] == "true"


def test_the_page_that_everyone_may_see_greets_users_and_guests(client: ApiClient, app_url: str, user: User) -> None:
    assert client.request("GET", app_url).json() == {"hello": user.name}
    assert httpx.get(app_url).json() == {"hello": "guest"}
    assert httpx.get(app_url, headers={"authorization": "Bearer x.y"}).status_code == 401


def test_the_stream_says_when_its_session_has_ended(client: ApiClient, app_url: str, user: User) -> None:
    with (
        httpx.Client(headers=client.credentials(), timeout=15, trust_env=False) as watcher,
        watcher.stream("GET", f"{app_url}/events") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == f"data: hello {user.name}"

        client.sign_out().raise_for_status()

        assert "event: signed-out" in list(lines)


def test_the_record_of_the_other_app_comes_with_the_session(stack: Stack, client: ApiClient, members_url: str) -> None:
    assert client.request("GET", f"{members_url}/plan").json() == {"plan": "free"}
    assert ApiClient(stack).request("GET", f"{members_url}/plan").status_code == 401


def test_the_route_that_requires_more_says_what_is_missing(client: ApiClient, app_url: str) -> None:
    refused = client.request("DELETE", f"{app_url}/reports")

    assert (refused.status_code, refused.json()["code"]) == (403, "EMAIL_NOT_VERIFIED")
