"""Only the app's own origin may read responses, and nothing that looks like it, on any route of either service."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from stack.target import Stack
from stack.visitors import ApiClient, Browser

LOOKALIKES: dict[str, Callable[[str], str]] = {
    "a foreign site": lambda _: "https://evil.example",
    "null": lambda _: "null",
    "ours as a subdomain": lambda own: f"{own.rpartition(':')[0]}.evil.example",
    "ours with more port": lambda own: f"{own}0",
    "another port": lambda own: f"{own.rpartition(':')[0]}:1",
    "no port": lambda own: own.rpartition(":")[0],
    "another scheme": lambda own: own.replace("http:", "https:"),
    "ours as a user": lambda own: f"{own}@evil.example",
    "a user at ours": lambda own: own.replace("://", "://evil@"),
    "a trailing dot": lambda own: f"{own.rpartition(':')[0]}.:{urlsplit(own).port}",
    "upper case": lambda own: own.replace("http://", "HTTP://").upper(),
    "a path": lambda own: f"{own}/",
    "a prefix": lambda own: own.replace("://", "://evil-"),
    "an address service": lambda own: f"http://127.0.0.1.nip.io:{urlsplit(own).port}",
    "two origins": lambda own: f"{own} https://evil.example",
    "two origins with a comma": lambda own: f"{own},https://evil.example",
    "a wildcard": lambda _: "*",
}
ROUTES = [
    ("auth", "GET", "/api/auth/session"),
    ("auth", "GET", "/api/auth/get-session"),
    ("auth", "POST", "/api/auth/sign-in/email"),
    ("auth", "GET", "/api/auth/no-such-route"),
    ("auth", "GET", "/health/live"),
    ("api", "GET", "/api/me"),
    ("api", "POST", "/api/notes"),
    ("api", "GET", "/api/no-such-route"),
    ("api", "GET", "/health/live"),
]


def _url(stack: Stack, service: str, path: str) -> str:
    return (stack.auth_url if service == "auth" else stack.api_url) + path


@pytest.mark.parametrize("lookalike", LOOKALIKES.values(), ids=LOOKALIKES.keys())
def test_no_other_origin_may_read_an_response(stack: Stack, lookalike: Callable[[str], str]) -> None:
    origin = lookalike(stack.frontend_url)
    assert origin != stack.frontend_url
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}

    for service, method, path in ROUTES:
        for sent_method, more in ((method, {}), ("OPTIONS", preflight)):
            response = ApiClient(stack).request(
                sent_method, _url(stack, service, path), headers={"origin": origin, **more}
            )
            assert "access-control-allow-origin" not in response.headers, (sent_method, path)


@pytest.mark.parametrize(("service", "method", "path"), [route for route in ROUTES if route[2] != "/health/live"])
def test_the_apps_origin_may_read_every_response_even_a_refusal(
    stack: Stack, service: str, method: str, path: str
) -> None:
    response = Browser(stack).request(method, _url(stack, service, path))

    assert response.status_code >= 200
    assert response.headers["access-control-allow-origin"] == stack.frontend_url
    assert response.headers["access-control-allow-credentials"] == "true"
    exposed = response.headers["access-control-expose-headers"].lower()
    assert {"x-request-id", "retry-after", "x-retry-after"} <= {name.strip() for name in exposed.split(",")}


@pytest.mark.parametrize(("service", "path"), [("auth", "/api/auth/sign-in/email"), ("api", "/api/notes")])
def test_the_apps_origin_may_send_a_preflight(stack: Stack, service: str, path: str) -> None:
    tracing = {"traceparent", "tracestate", "baggage", "sentry-trace"}
    names = ", ".join(["content-type", "authorization", *sorted(tracing)])
    requested = {"access-control-request-method": "POST", "access-control-request-headers": names}
    response = Browser(stack).request("OPTIONS", _url(stack, service, path), headers=requested)

    assert response.status_code in {200, 204}
    assert response.headers["access-control-allow-origin"] == stack.frontend_url
    assert "POST" in response.headers["access-control-allow-methods"]
    assert {"content-type", "authorization", *tracing} <= {
        name.strip().lower() for name in response.headers["access-control-allow-headers"].split(",")
    }


@pytest.mark.parametrize(("service", "path"), [("auth", "/api/auth/session"), ("api", "/api/me")])
@pytest.mark.parametrize("origin", ["", "https://evil.example", "own"])
def test_a_shared_cache_never_gives_one_origins_response_to_another(
    stack: Stack, service: str, path: str, origin: str
) -> None:
    headers = {"origin": stack.frontend_url if origin == "own" else origin, "vary": "x-nothing"}
    response = ApiClient(stack).request("GET", _url(stack, service, path), headers=headers)

    vary = {name.strip().lower() for name in response.headers.get("vary", "").split(",")}
    assert "origin" in vary
    assert "x-nothing" not in vary


@pytest.mark.parametrize(("service", "path"), [("auth", "/api/auth/sign-in/email"), ("api", "/api/notes")])
def test_a_preflight_gets_a_fixed_list_whatever_it_requests(stack: Stack, service: str, path: str) -> None:
    requested = {
        "access-control-request-method": "PROPFIND",
        "access-control-request-headers": ", ".join(f"x-made-up-{number}" for number in range(100)),
        "access-control-request-private-network": "true",
    }
    response = Browser(stack).request("OPTIONS", _url(stack, service, path), headers=requested)

    assert "x-made-up" not in response.text + str(response.headers)
    assert "PROPFIND" not in response.headers.get("access-control-allow-methods", "")
    assert "access-control-allow-private-network" not in response.headers
