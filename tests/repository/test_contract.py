"""contract/ says what its files are, somebody reads each of them, and the documents state the same numbers."""

import json
import re
from typing import Any

import pytest

from stack.repository import text, tracked, written

FILES = [path for path in tracked() if path.startswith("contract/")]
LEASE: dict[str, Any] = json.loads(text("contract/lease.json"))
IDENTITY: dict[str, Any] = json.loads(text("contract/identity.json"))
LIMITS: dict[str, Any] = json.loads(text("contract/limits.json"))


@pytest.mark.parametrize("path", FILES)
def test_a_file_explains_itself_and_is_read_in_more_than_one_place(path: str) -> None:
    (name,) = re.findall(r"contract/([a-z-]+)\.json", path)
    reads = rf"contract/{name}\.json['\"]|\"contract\" / \"{name}\.json\"|[rR]ead_?[cC]ontract[^(]*\(['\"]{name}['\"]\)"
    readers = [reader for reader, content in written().items() if re.search(reads, content)]

    assert json.loads(text(path))["about"]
    assert len(readers) > 1


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("docs/session-feed.md", f'"lease_ms":{LEASE["defaultLeaseMs"]}'),
        ("docs/session-feed.md", f"earns {LEASE['firstVersionLeaseMs']} ms"),
        ("docs/session-cache.md", f"a margin of {LEASE['marginRate']:.0%}".replace("%", " %")),
        ("CONTRIBUTING.md", f"| lease | {LEASE['defaultLeaseMs'] // 1000} s"),
        ("SECURITY.md", f"within a lease ({LEASE['defaultLeaseMs'] // 1000} s)"),
        ("docs/errors.md", f"fewer than {LIMITS['passwordMinCharacters']} characters"),
        ("docs/errors.md", f"more than {LIMITS['passwordMaxCharacters']} characters"),
        ("docs/errors.md", f"more than {LIMITS['jsonMaxDepth']} levels deep"),
        ("docs/errors.md", f"larger than {LIMITS['bodyMaxBytes'] // 1024} KiB"),
    ],
)
def test_a_document_states_the_number_of_the_contract(path: str, sentence: str) -> None:
    assert sentence in text(path)


@pytest.mark.parametrize("field", IDENTITY["user"])
def test_the_guides_name_each_field_of_a_user(field: str) -> None:
    name = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", field)

    assert f"`{name}`" in text("docs/add-to-your-app.md")
    assert f"{name}=" in text("docs/testing.md")
