"""A FastAPI with other insides costs microseconds: nothing else changes, and nothing is said about it."""

import re
from pathlib import Path

import pytest

from auth_sidecar import SidecarSettings
from tests.auth_sidecar.requests.hidden_insides import INSIDES, class_named, hidden
from tests.auth_sidecar.requests.observed_service import EXPECTED, INCLUDED, OWN, observe
from tests.support.fake_auth_server import FakeAuthServer

PAGE = Path(__file__).parents[4] / "docs" / "fast-path.md"
OF_INCLUDED_ROUTES = ("_EffectiveRouteContext", "_IncludedRouter")


async def test_with_all_of_them_every_route_is_fast(auth_server: FakeAuthServer, settings: SidecarSettings) -> None:
    seen = await observe(auth_server, settings)

    assert seen == {"responses": EXPECTED, "fast": [*OWN, *INCLUDED], "said": []}


@pytest.mark.parametrize(("owner", "name"), INSIDES)
async def test_without_one_the_response_is_the_same_and_nothing_is_said(
    auth_server: FakeAuthServer, settings: SidecarSettings, owner: str, name: str
) -> None:
    with hidden(owner, name):
        seen = await observe(auth_server, settings)

    assert seen["responses"] == EXPECTED
    assert seen["said"] == []
    # Otherwise nothing was hidden, and the test is about nothing.
    assert len(seen["fast"]) < len(OWN) + len(INCLUDED)
    if owner in OF_INCLUDED_ROUTES:
        assert seen["fast"] == [*OWN]


def test_the_page_lists_all_of_them() -> None:
    listed = re.findall(r"(?m)^\| `([\w.]+)\.(\w+)` \|", PAGE.read_text())

    assert sorted(listed) == sorted(INSIDES)
    assert [owner for owner, _ in INSIDES if owner != "fastapi.routing" and class_named(owner) is None] == []
