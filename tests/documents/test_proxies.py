"""docs/deploy.md: its proxies lead each path to its service, and say who the client is."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from documents.fronts import DEPLOY, FRONTS, in_front
from documents.pages import blocks
from stack.target import Stack
from stack.visitors import Browser, Person

SHOWN = [*blocks(DEPLOY.text, "nginx"), *blocks(DEPLOY.text, "caddyfile")]


@pytest.fixture(scope="module", params=FRONTS)
def front(request: pytest.FixtureRequest, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack as it is reached through the proxy."""
    name: str = request.param
    with in_front(name, stack, tmp_path_factory.mktemp(name)) as url:
        yield replace(stack, auth_url=url, api_url=url)


@pytest.mark.parametrize("shown", SHOWN)
def test_no_proxy_leads_to_the_private_port(shown: str) -> None:
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", shown)) == {"4000", "8000", "3000"}


@pytest.mark.parametrize("shown", SHOWN)
def test_every_proxy_overwrites_the_clients_address(shown: str) -> None:
    assert re.search(r"X-Real-IP (\$remote_addr;|\{remote_host\})", shown)


@pytest.fixture(scope="module")
def signed_in(front: Stack) -> Browser:
    """Through the proxy, once: everyone there has one address, and sign-ups are limited by address."""
    browser = Browser(front, address="203.0.113.9")
    browser.sign_up(Person()).raise_for_status()
    return browser


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
def test_paths_arrive_as_they_were_sent(front: Stack, signed_in: Browser) -> None:
    assert signed_in.auth("GET", "/session/").status_code == 404
    assert signed_in.api("GET", "/auth%2Fsession").status_code == 404
    assert signed_in.request("GET", f"{front.api_url}/").headers["content-type"].startswith("text/html")


@pytest.mark.embedded
def test_nothing_of_the_private_port_is_reached_through_the_proxy(stack: Stack, front: Stack) -> None:
    token = {"x-internal-token": stack.internal_token}

    seen = Browser(front).request("GET", f"{front.auth_url}/internal/session", headers=token)

    assert seen.headers["content-type"].startswith("text/html")
