"""All servers of the pages say the same of what is there and of what is not."""

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest

from stack.caddy import CADDY
from stack.processes import Command
from stack.replica import auth_server
from stack.target import REPOSITORY, Stack, environment

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NOTHING = {"code": "NOT_FOUND", "message": "There is nothing here."}
# Compose does not publish the database that another auth server would need.
_BESIDE = ["the auth server"] if environment.get("STACK_MODE") != "compose" else []
SERVERS = ["the stack's", *(["Caddy"] if CADDY else []), *_BESIDE]


@pytest.fixture(params=SERVERS)
def url(request: pytest.FixtureRequest, stack: Stack, caddy: str) -> str:
    if request.param == "the auth server":
        return request.getfixturevalue("with_pages")
    return caddy if request.param == "Caddy" else stack.frontend_url


@pytest.fixture(scope="module")
def with_pages(stack: Stack, built_auth_server: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an auth server with SERVE_PAGES. The app that it serves is a line of text."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "index.html").write_text("<title>the app</title>")
    shutil.copytree(REPOSITORY / "frontend" / "public", folder, dirs_exist_ok=True)
    variables = {"SERVE_PAGES": "true", "PAGES_FOLDER": str(folder)}
    server, _ = auth_server(stack, built_auth_server, tmp_path_factory.mktemp("logs") / "log", **variables)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


def _get(url: str, path: str, accept: str = BROWSER) -> httpx.Response:
    return httpx.get(url + path, headers={"accept": accept}, timeout=10)


@pytest.mark.parametrize("path", ["/", "/account", "/sign-in", "/sign-up", "/sign-in/", "/SIGN-IN", "/sign-in?next=/"])
def test_a_page_is_the_app(url: str, path: str) -> None:
    response = _get(url, path)

    assert response.status_code == 200
    assert "<title>" in response.text
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200",
        "/.well-known/assetlinks.json",
        "/.well-known/",
        "/wp-login.php",
        "/missing.png",
        "/assets/",
        "/assets/index-00000000.js",
        "/no/such/page",
        "/sign-in/x",
        "/sign-in.html",
        "/api-docs",
    ],
)
def test_what_is_not_there_is_404_for_programs_and_for_browsers(url: str, path: str) -> None:
    program, browser = _get(url, path, "*/*"), _get(url, path)

    assert (program.status_code, program.json()) == (404, NOTHING)
    assert program.headers["content-type"] == "application/json"
    # The app, which shows its own page for that.
    assert browser.status_code == 404
    assert "<title>" in browser.text
    assert browser.headers["content-type"].startswith("text/html")
    for response in (program, browser):
        assert response.headers["cache-control"] == "no-store"
        assert "accept" in response.headers["vary"].lower().split(", ")
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/auth/nothing", "/x/../api/me", "/x/%2e%2e/y"])
def test_beside_the_pages_it_is_the_error_body_for_browsers_too(url: str, path: str) -> None:
    response = httpx.get(httpx.URL(url).copy_with(raw_path=path.encode()), headers={"accept": BROWSER})

    assert response.status_code in {401, 404}
    assert set(response.json()) == {"code", "message"}


def test_a_file_is_served_as_what_it_is(url: str) -> None:
    response = _get(url, "/robots.txt")

    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == "text/plain"
    assert response.headers["cache-control"] == "no-cache"


def test_the_page_names_an_icon_that_is_there(stack: Stack) -> None:
    (icon,) = re.findall(r'<link rel="icon" href="([^"]+)"', _get(stack.frontend_url, "/").text)

    response = _get(stack.frontend_url, icon, "image/*")

    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] in {"image/svg+xml", "image/png"}


def test_search_engines_are_asked_to_stay_away(url: str) -> None:
    assert "User-agent: *\nDisallow: /\n" in _get(url, "/robots.txt").text


@pytest.mark.parametrize(
    ("path", "location"), [("/.well-known/change-password", "/account#change-password"), ("/index.html", "/")]
)
def test_it_redirects(url: str, path: str, location: str) -> None:
    response = _get(url, path)

    assert (response.status_code, response.headers["location"]) == (302, location)
    assert response.headers["cache-control"] == "no-store"
