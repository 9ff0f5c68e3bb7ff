"""docs/errors.md knows every code that a service can answer with, and no other."""

import re

from stack.repository import text, written

OUR_CODES = re.compile(r"(?:super\(\s*\d{3}, '|code = \"|__init__\(\s*(?:\d{3}, )?\")([A-Z][A-Z0-9_]{3,})['\"]")
DEFINED_IN = (
    "auth-server/src/errors.ts",
    "backend-fastapi/app/errors.py",
    "backend-fastapi/auth_sidecar/src/auth_sidecar/errors.py",
)
# In places where no error can be thrown: the parser's answers, and better-auth's that came without a code.
SPELT_OUT = re.compile(r"(?:'\d{3} [A-Z][\w ]+', |code: )'([A-Z][A-Z0-9_]+)'")
SPELT_OUT_IN = ("auth-server/src/http/server.ts", "auth-server/src/auth/answer.ts")
# What the frontend's two servers say in the place of a service that is away.
PROXIED = re.compile(r"\b([A-Z]+(?:_[A-Z]+)*_UNAVAILABLE)\b")
PROXIED_IN = ("frontend/Caddyfile", "frontend/serve/proxy.ts")


def _defined() -> set[str]:
    codes = {code for path in DEFINED_IN for code in OUR_CODES.findall(text(path))}
    codes |= {code for path in SPELT_OUT_IN for code in SPELT_OUT.findall(text(path))}
    return codes | {code for path in PROXIED_IN for code in PROXIED.findall(text(path))}


def _documented() -> tuple[set[str], set[str]]:
    ours, better_auths = text("docs/errors.md").split("## better-auth's own")
    row = re.compile(r"(?m)^\| `([A-Z0-9_]+)` \|")
    return set(row.findall(ours)), set(row.findall(better_auths))


def test_every_file_of_errors_holds_codes_that_this_test_can_read() -> None:
    for path in DEFINED_IN:
        assert len(OUR_CODES.findall(text(path))) >= 5, path


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    ours, better_auths = _documented()

    assert _defined() - ours - better_auths == set()
    assert ours - _defined() == set()


def test_no_code_is_documented_twice() -> None:
    ours, better_auths = _documented()

    assert ours & better_auths == set()


def test_the_frontend_decides_by_codes_that_exist() -> None:
    ours, better_auths = _documented()
    pages = "\n".join(
        content for path, content in written().items() if path.startswith("frontend/src/") and ".test." not in path
    )
    decided = set(re.findall(r"(?:case |code === |code !== )'([A-Z][A-Z0-9_]+)'", pages))

    assert decided - ours - better_auths == set()
