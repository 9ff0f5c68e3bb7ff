"""Only the app's own origin may read answers: nothing that looks like it, on any route of either service."""

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
def test_no_other_origin_may_read_an_answer(stack: Stack, lookalike: Callable[[str], str]) -> None:
    origin = lookalike(stack.frontend_url)
    assert origin != stack.frontend_url
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}

    for service, method, path in ROUTES:
        for sent_method, more in ((method, {}), ("OPTIONS", preflight)):
            answer = ApiClient(stack).request(
                sent_method, _url(stack, service, path), headers={"origin": origin, **more}
            )
            assert "access-control-allow-origin" not in answer.headers, (sent_method, path)


@pytest.mark.parametrize(("service", "method", "path"), [route for route in ROUTES if route[2] != "/health/live"])
def test_the_apps_origin_may_read_every_answer_even_a_refusal(
    stack: Stack, service: str, method: str, path: str
) -> None:
    answer = Browser(stack).request(method, _url(stack, service, path))

    assert answer.status_code >= 200
    assert answer.headers["access-control-allow-origin"] == stack.frontend_url
    assert answer.headers["access-control-allow-credentials"] == "true"
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert {"x-request-id", "retry-after", "x-retry-after"} <= {name.strip() for name in exposed.split(",")}


@pytest.mark.parametrize(("service", "path"), [("auth", "/api/auth/sign-in/email"), ("api", "/api/notes")])
def test_the_apps_origin_may_ask_before_it_writes(stack: Stack, service: str, path: str) -> None:
    tracing = {"traceparent", "tracestate", "baggage", "sentry-trace"}
    names = ", ".join(["content-type", "authorization", *sorted(tracing)])
    asked = {"access-control-request-method": "POST", "access-control-request-headers": names}
    answer = Browser(stack).request("OPTIONS", _url(stack, service, path), headers=asked)

    assert answer.status_code in {200, 204}
    assert answer.headers["access-control-allow-origin"] == stack.frontend_url
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert {"content-type", "authorization", *tracing} <= {
        name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")
    }


@pytest.mark.parametrize(("service", "path"), [("auth", "/api/auth/session"), ("api", "/api/me")])
@pytest.mark.parametrize("origin", ["", "https://evil.example", "own"])
def test_a_shared_cache_never_gives_one_origins_answer_to_another(
    stack: Stack, service: str, path: str, origin: str
) -> None:
    headers = {"origin": stack.frontend_url if origin == "own" else origin, "vary": "x-nothing"}
    answer = ApiClient(stack).request("GET", _url(stack, service, path), headers=headers)

    vary = {name.strip().lower() for name in answer.headers.get("vary", "").split(",")}
    assert "origin" in vary
    assert "x-nothing" not in vary


@pytest.mark.parametrize(("service", "path"), [("auth", "/api/auth/sign-in/email"), ("api", "/api/notes")])
def test_a_preflight_gets_a_fixed_list_whatever_it_asks_for(stack: Stack, service: str, path: str) -> None:
    asked = {
        "access-control-request-method": "PROPFIND",
        "access-control-request-headers": ", ".join(f"x-made-up-{number}" for number in range(100)),
        "access-control-request-private-network": "true",
    }
    answer = Browser(stack).request("OPTIONS", _url(stack, service, path), headers=asked)

    assert "x-made-up" not in answer.text + str(answer.headers)
    assert "PROPFIND" not in answer.headers.get("access-control-allow-methods", "")
    assert "access-control-allow-private-network" not in answer.headers
