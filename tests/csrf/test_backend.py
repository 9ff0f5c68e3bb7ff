"""Another site cannot make a signed-in browser change anything on the backend."""

import json

import pytest

from stack.refusal import assert_refused
from stack.visitors import ApiClient, Browser, User

NOTE = {"text": "written by another site"}
NO_ORIGIN = {"origin": "", "sec-fetch-site": ""}
ELSEWHERE: dict[str, dict[str, str]] = {
    "another origin": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    "another origin, old browser": {"origin": "https://evil.example", "sec-fetch-site": ""},
    "another origin that claims to be the same": {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    "another port": {"origin": "http://localhost:1", "sec-fetch-site": "same-site"},
    "null": {"origin": "null", "sec-fetch-site": "cross-site"},
    "null, old browser": {"origin": "null", "sec-fetch-site": ""},
    "nothing at all": NO_ORIGIN,
    "another referer only": {**NO_ORIGIN, "referer": "https://evil.example/page"},
    "no origin, cross-site": {**NO_ORIGIN, "sec-fetch-site": "cross-site"},
    "no origin, same-site": {**NO_ORIGIN, "sec-fetch-site": "same-site"},
    "no origin, made up": {**NO_ORIGIN, "sec-fetch-site": "friendly"},
}


@pytest.fixture
def victim(browser: Browser, user: User) -> Browser:
    browser.sign_up(user).raise_for_status()
    browser.me().raise_for_status()
    return browser


def _texts(browser: Browser) -> list[str]:
    return [note["text"] for note in browser.api("GET", "/notes").json()["notes"]]


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_cookie_from_elsewhere_writes_and_deletes_nothing(victim: Browser, headers: dict[str, str]) -> None:
    note = victim.api("POST", "/notes", json={"text": "mine"}).json()["id"]

    for response in (
        victim.api("POST", "/notes", json=NOTE, headers=headers),
        victim.api("DELETE", f"/notes/{note}", headers=headers),
    ):
        assert_refused(response, 403)
        assert response.json()["code"] in {"INVALID_ORIGIN", "MISSING_OR_NULL_ORIGIN"}

    assert _texts(victim) == ["mine"]


def test_a_page_of_the_app_may_write(victim: Browser) -> None:
    assert victim.api("POST", "/notes", json=NOTE).status_code == 201


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_bearer_needs_no_origin(client: ApiClient, user: User, headers: dict[str, str]) -> None:
    client.sign_up(user).raise_for_status()

    assert client.api("POST", "/notes", json=NOTE, headers=headers).status_code == 201


def test_a_bad_bearer_does_not_lift_the_check_from_the_cookie(victim: Browser) -> None:
    for token in ("x", "a.b", "Basic"):
        headers = {"authorization": f"Bearer {token}", "origin": "https://evil.example"}
        assert_refused(victim.api("POST", "/notes", json=NOTE, headers=headers), 401, 403)

    assert _texts(victim) == []


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/x-www-form-urlencoded", "text=form"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nform\r\n--b--\r\n',
        ),
        ("text/plain", json.dumps(NOTE)),
        ("text/plain; x=application/json", json.dumps(NOTE)),
        ("", json.dumps(NOTE)),
    ],
    ids=["form", "multipart", "text", "text that names JSON", "no type"],
)
def test_a_body_that_a_form_could_send_is_refused_even_from_the_app(
    victim: Browser, content_type: str, content: str
) -> None:
    response = victim.api("POST", "/notes", content=content, headers={"content-type": content_type})

    assert_refused(response, 400, 415, 422)
    assert _texts(victim) == []


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_override_changes_nothing(victim: Browser, header: str) -> None:
    note = victim.api("POST", "/notes", json={"text": "mine"}).json()["id"]

    victim.api("GET", "/notes", headers={header: "POST"}, params={"_method": "POST", "text": "x"})
    victim.request("GET", f"{victim.stack.api_url}/api/notes", headers={header: "POST"}, json=NOTE)
    victim.api("GET", f"/notes/{note}", headers={header: "DELETE"}, params={"_method": "DELETE"})
    victim.api("HEAD", f"/notes/{note}", headers={header: "DELETE"})

    assert _texts(victim) == ["mine"]


def test_reading_needs_no_origin(victim: Browser) -> None:
    assert victim.api("GET", "/me", headers=NO_ORIGIN).status_code == 200
