"""GET /api/auth/features: what the pages may offer."""

import json

from stack.refusal import assert_refused
from stack.repository import text
from stack.target import Stack
from stack.visitors import Browser

CONTRACT: dict[str, str] = json.loads(text("contract/features.json"))["features"]


def test_anybody_may_ask_what_is_switched_on_through_the_server_of_the_pages(stack: Stack) -> None:
    response = Browser(stack).request("GET", f"{stack.frontend_url}/api/auth/features").raise_for_status()

    assert response.json().keys() == CONTRACT.keys()


def test_the_features_are_no_path_to_write_to(stack: Stack) -> None:
    assert_refused(Browser(stack).auth("POST", "/features", json={"mail": True}), 405)
