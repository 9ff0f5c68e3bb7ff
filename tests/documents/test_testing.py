"""docs/testing.md: its app and its tests, run as they stand there, with no auth server to be found."""

import re
from pathlib import Path

import pytest

from documents.pages import Page, blocks
from documents.shell import Shell

pytestmark = pytest.mark.embedded
PAGE = Page("docs/testing.md")
SETTINGS = ("AUTH_SERVER_URL", "INTERNAL_TOKEN", "CORS_ORIGIN")


@pytest.fixture(scope="module")
def tested(project: Shell, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The reader's folder, in which `app.py` and `conftest.py` are the first blocks, and `test_app.py` the others."""
    folder: Path = tmp_path_factory.mktemp("tested")
    app, configuration, *tests = blocks(PAGE.text, "python")
    (folder / "app.py").write_text(app)
    (folder / "conftest.py").write_text(configuration)
    (folder / "test_app.py").write_text("\n\n".join(tests))
    variables = {name: value for name, value in project.variables.items() if name not in SETTINGS}
    return Shell(folder, {**variables, "PATH": f"{project.folder}/.venv/bin:{variables['PATH']}"})


def test_the_tests_of_the_page_pass(tested: Shell) -> None:
    shown = "\n".join(blocks(PAGE.text, "python"))
    cases = shown.count("def test_") + 2  # one has three cases

    printed, _ = tested.run("\n".join(blocks(PAGE.text, "sh")))

    assert f"{cases} passed" in printed, printed


def test_a_route_that_is_open_is_named_as_the_page_says(tested: Shell) -> None:
    """The route of the page's example, added where a reader would add it."""
    app = (tested.folder / "app.py").read_text()
    (example,) = re.findall(r"(?m)^ {4}AssertionError: (.+)\n {4}(.+)$", PAGE.text)
    opened = '\n\n@app.post("/orders")\nasync def create_order() -> None: ...\n'
    line = app.count("\n") + 3
    (tested.folder / "opened.py").write_text(app + opened)
    (tested.folder / "look.py").write_text(
        "import conftest, opened\n"
        "from auth_sidecar.testing import assert_all_routes_guarded\n"
        "try:\n"
        "    assert_all_routes_guarded(opened.app, public={'/'})\n"
        "except AssertionError as error:\n"
        "    print(error)\n"
    )

    printed, _ = tested.run("python look.py")

    said = [re.sub(r"app\.py:\d+", f"opened.py:{line}", one) for one in example]
    assert printed.splitlines() == said
