"""docs/deploy.md: its proxies lead each path to its service, and say who the client is."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from documents.pages import blocks
from documents.proxies import DEPLOY, PROXIES, running_proxy
from stack.target import Stack
from stack.visitors import Browser, User

SHOWN = [*blocks(DEPLOY.text, "nginx"), *blocks(DEPLOY.text, "caddyfile")]


@pytest.fixture(scope="module")
def behind_proxies(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Browser]]:
    """A signed-in browser for each proxy, whose stack has the proxy's address. Signed up once: through a proxy all have
    one address, and sign-ups are limited by address."""
    with ExitStack() as running:
        browsers: dict[str, Browser] = {}
        for name in PROXIES:
            url = running.enter_context(running_proxy(name, stack, tmp_path_factory.mktemp(name)))
            browsers[name] = Browser(replace(stack, auth_url=url, api_url=url), address="203.0.113.9")
            browsers[name].sign_up(User()).raise_for_status()
        yield browsers


@pytest.fixture(params=PROXIES)
def signed_in(request: pytest.FixtureRequest, behind_proxies: dict[str, Browser]) -> Browser:
    return behind_proxies[request.param]


@pytest.mark.parametrize("shown", SHOWN)
def test_no_proxy_leads_to_the_private_port(shown: str) -> None:
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", shown)) == {"4000", "8000", "3000"}


@pytest.mark.parametrize("shown", SHOWN)
def test_every_proxy_overwrites_the_clients_address(shown: str) -> None:
    assert re.search(r"X-Real-IP (\$remote_addr;|\{remote_host\})", shown)


@pytest.mark.embedded
def test_a_user_who_signed_in_through_the_proxy_reaches_both_services(signed_in: Browser) -> None:
    session = signed_in.session().json()

    assert signed_in.me().json()["userId"] == session["user"]["id"]
    assert signed_in.api("POST", "/notes", json={"text": "hello"}).status_code == 201


@pytest.mark.embedded
def test_the_address_that_a_client_claims_is_not_believed(signed_in: Browser) -> None:
    (session,) = signed_in.auth("GET", "/list-sessions").json()

    assert session["ipAddress"] == "127.0.0.1"


@pytest.mark.embedded
def test_paths_arrive_as_they_were_sent(signed_in: Browser) -> None:
    assert signed_in.auth("GET", "/session/").status_code == 404
    assert signed_in.api("GET", "/auth%2Fsession").status_code == 404
    assert signed_in.request("GET", f"{signed_in.stack.api_url}/").headers["content-type"].startswith("text/html")


@pytest.mark.embedded
def test_nothing_of_the_private_port_is_reached_through_the_proxy(signed_in: Browser) -> None:
    proxied = signed_in.stack
    token = {"x-internal-token": proxied.internal_token}

    seen = Browser(proxied).request("GET", f"{proxied.auth_url}/internal/session", headers=token)

    assert (seen.status_code, seen.json()["code"]) == (404, "NOT_FOUND")
