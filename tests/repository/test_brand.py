"""The brand stands in one file."""

import json
import re

import pytest

from stack.repository import lines_with, text, written

# A second brand, to show what a brand changes.
ELSEWHERE = ("docs/second-brand/", "docs/branding.md")
DOCS_STYLE = "backend-fastapi/app/docs/static/brand.css"
FOLDERS = [path.removesuffix("brand.json") for path in written() if path.endswith("/brand.json")]


def test_both_brands_are_found() -> None:
    assert sorted(FOLDERS) == ["brand/", "docs/second-brand/"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_only_its_own_file_names_a_brand(folder: str) -> None:
    name = re.escape(json.loads(text(f"{folder}brand.json"))["name"])
    places = lines_with(rf"\b{name}\b")

    assert any(line.startswith(folder) for line in places)
    assert [line for line in places if not line.startswith((folder, *ELSEWHERE))] == []


def test_no_page_or_mail_has_the_colours_of_the_brand() -> None:
    colours = "|".join(json.loads(text("brand/brand.json"))["accent"].values())
    kinds = (".tsx", ".css", ".html", "mail/page.ts", "Caddyfile")

    # Made from the brand, as `make check` compares.
    written_by_hand = [line for line in lines_with(f"(?i){colours}", among=kinds) if not line.startswith(DOCS_STYLE)]

    assert written_by_hand == []


def test_the_documentation_shows_the_second_brand_as_it_is() -> None:
    shown = re.search(r"(?s)```json\n(.*?)```", text("docs/branding.md"))
    assert shown is not None
    second = json.loads(text("docs/second-brand/brand.json"))

    assert {**json.loads(shown[1]), "$schema": second["$schema"]} == second
