"""The walls between the folders of TypeScript (biome.walls.json): an import across one fails the check.

For Python the same is in test_python_walls.py.
"""

import json
import re
import subprocess

import pytest

from stack.repository import text, tracked
from stack.target import REPOSITORY

WALLED = ("auth-server/src/", "brand/src/", "frontend/src/", "dev/src/")
BIOME = REPOSITORY / "node_modules" / ".bin" / "biome"


def _walls(path: str) -> list[str]:
    """The message of every wall that `path` is behind."""
    found: list[str] = []
    for override in json.loads(text("biome.walls.json"))["overrides"]:
        includes = [glob for glob in override["includes"] if not glob.startswith("!")]
        if any(_pattern(glob).fullmatch(path) for glob in includes):
            options = override["linter"]["rules"]["style"]["noRestrictedImports"]["options"]
            found.append(options["patterns"][0]["message"])
    return found


def _pattern(glob: str) -> re.Pattern[str]:
    """Of the globs in that file: `*`, `**` at the end, and `{a,b}`."""
    parts = {"**": ".+", "*": "[^/]*", "{": "(?:", "}": ")", ",": "|"}
    return re.compile(re.sub(r"\*\*|[*{},]|[^*{},]+", lambda part: parts.get(part[0], re.escape(part[0])), glob))


def test_every_source_file_is_behind_exactly_one_wall() -> None:
    sources = [
        path
        for path in tracked()
        if path.startswith(WALLED) and path.endswith((".ts", ".tsx")) and ".test." not in path and ".d.ts" not in path
    ]

    assert len(sources) > 150
    assert {path: _walls(path) for path in sources if len(_walls(path)) != 1} == {}


FORMS = ("import {{ a }} from '{}'", "import type {{ A }} from '{}'", "export {{ a }} from '{}'", "await import('{}')")
REFUSED = {
    "auth-server/src/http/server.ts": "../auth/routes.ts",
    "auth-server/src/database/pools.ts": "../auth/better-auth.ts",
    "auth-server/src/database/schema/plan.ts": "../../sessions/queries.ts",
    "auth-server/src/sessions/identify.ts": "../commands/serve.ts",
    "auth-server/src/passwords/hash.ts": "../auth/endpoint.ts",
    "auth-server/src/auth/methods/social.ts": "../endpoints.ts",
    "auth-server/src/errors.ts": "./auth/better-auth.ts",
    "auth-server/src/app.ts": "../test/harness.ts",
    "frontend/src/components/Page.tsx": "../sign-in/SignIn.tsx",
    "frontend/src/components/form/Form.tsx": "../../sign-in/SignIn.tsx",
    "frontend/src/sign-up/SignUp.tsx": "../sign-in/SignIn.tsx",
    "frontend/src/notes/NoteList.tsx": "../home/Home.tsx",
    "frontend/src/account/activity/Activity.tsx": "../devices/Devices.tsx",
    "frontend/src/home/NotFound.tsx": "../App.tsx",
    "frontend/src/api/client.ts": "../../../auth-server/src/errors.ts",
    "dev/src/compose/up.ts": "../embedded/up.ts",
    "dev/src/stack.ts": "./commands/lifecycle.ts",
    "dev/src/supervisor/host.ts": "../embedded/up.ts",
}
ACCEPTED = {
    "auth-server/src/auth/routes.ts": "../http/context.ts",
    "auth-server/src/auth/plugins/administration.ts": "../endpoint.ts",
    "auth-server/src/auth/routes.test.ts": "../../test/harness.ts",
    "auth-server/src/database/schema/compare.ts": "../names.ts",
    "auth-server/src/env-fields.ts": "./database/url.ts",
    "frontend/src/notes/Notes.tsx": "../components/Page.tsx",
    "frontend/src/account/devices/Devices.tsx": "../AccountSection.tsx",
    "frontend/src/home/Home.tsx": "../notes/Notes.tsx",
    "frontend/src/App.tsx": "./home/Home.tsx",
    "dev/src/main.ts": "./commands/lifecycle.ts",
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Path to what Biome says about it, where every such file has its import in all its forms and nothing else."""
    folder = tmp_path_factory.mktemp("walls")
    for name in ("biome.json", "biome.walls.json"):
        (folder / name).write_text(text(name), encoding="utf-8")
    for path, imported in (REFUSED | ACCEPTED).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("".join(f"{form.format(imported)}\n" for form in FORMS), encoding="utf-8")
    options = ["--only=style/noRestrictedImports", "--vcs-enabled=false", "--max-diagnostics=none", "--reporter=github"]
    command = [BIOME, "lint", *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said: dict[str, list[str]] = {}
    for path, message in re.findall(r"(?m)^::error title=[^,]*,file=([^,]*),[^:]*::(.*)$", done.stdout):
        within = (folder / path).resolve().relative_to(folder.resolve())
        said.setdefault(within.as_posix(), []).append(message)
    return said


@pytest.mark.parametrize("path", REFUSED)
def test_an_import_across_a_wall_is_refused_in_every_form(complaints: dict[str, list[str]], path: str) -> None:
    assert complaints[path] == _walls(path) * len(FORMS)


@pytest.mark.parametrize("path", ACCEPTED)
def test_an_import_in_the_allowed_direction_is_accepted(complaints: dict[str, list[str]], path: str) -> None:
    assert path not in complaints
