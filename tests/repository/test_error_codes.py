"""docs/errors.md is the contract of error codes: those that a service can respond with, and no other."""

import re
from typing import NamedTuple

import pytest

from stack.repository import text, written

CODE = "[A-Z][A-Z0-9_]{3,}"
SIDECAR = "backend-fastapi/auth_sidecar/src/auth_sidecar/errors.py"
# Where a service's codes are, each with its status.
SOURCES = {
    "auth server": {
        "auth-server/src/errors.ts": rf"(?m)^  (?P<code>{CODE}): (?:\{{\s+status: (\d{{3}})|(REDIRECT)\b)",
    },
    "backend": {
        "backend-fastapi/app/errors.py": rf'status = (\d{{3}})\n    code = "(?P<code>{CODE})"',
        SIDECAR: (rf"class \w+\((\w+)\):(?:(?!\nclass )[\s\S])*?__init__\((?:(\d{{3}}), )?\"(?P<code>{CODE})\""),
    },
    "frontend's proxy": {
        "frontend/serve/errors.ts": rf"status: (\d{{3}}),\s*code: '(?P<code>{CODE})'",
        "frontend/serve/proxy.ts": rf"(serviceAt)\(targets\.\w+, '(?P<code>{CODE})'\)",
        "frontend/Caddyfile": rf"(import service) .* (?P<code>{CODE})\n",
    },
}
KINDS = "AuthError|Unauthenticated|OldTokenRefused|CrossSiteRequest|RequirementNotMet|ConnectedServiceError"
# What is written there instead of a number.
STATUSES = {
    "Unauthenticated": 401,
    "OldTokenRefused": 401,
    "CrossSiteRequest": 403,
    "RequirementNotMet": 403,
    "REDIRECT": 403,
    "serviceAt": 503,
    "import service": 503,
}
# better-auth's, with other settings or plugins than ours.
ELSEWHERE = {"USER_ALREADY_EXISTS", "PASSWORD_COMPROMISED"}


class Documented(NamedTuple):
    status: str
    by: str

    def is_from(self, service: str) -> bool:
        return service in self.by.replace("both", "auth server, backend")

    def statuses(self, service: str) -> set[int]:
        """`422, auth server 400` is 422 elsewhere; `401, at sign-in 403` is both."""
        own = re.search(rf"{service} (\d{{3}})", self.status)
        others = re.sub(r"(?:auth server|backend) \d{3}", "", self.status)
        return {int(own[1])} if own else set(map(int, re.findall(r"\d{3}", others)))


def _codes_of(service: str) -> dict[str, int]:
    found = [match for path, pattern in SOURCES[service].items() for match in re.finditer(pattern, text(path))]
    return {match["code"]: _status(match) for match in found}


def _status(match: re.Match[str]) -> int:
    """The number, or what is written instead of one."""
    parts = [part for part in match.groups() if part and part != match["code"]]
    numbers = [int(part) for part in parts if part.isdigit()]
    return numbers[0] if numbers else STATUSES[parts[0]]


def _documented() -> tuple[dict[str, Documented], set[str]]:
    ours, better_auths = text("docs/errors.md").split("## better-auth's own")
    rows = re.findall(rf"(?m)^\| (`{CODE}`(?:, `{CODE}`)*) \| ([^|]+) \| ([^|]+) \|", ours)
    return {code: Documented(status, by) for codes, status, by in rows for code in re.findall(CODE, codes)}, set(
        re.findall(rf"(?m)^\| `({CODE})` \|", better_auths)
    )


def test_every_place_of_codes_can_be_read() -> None:
    for sources in SOURCES.values():
        for path, pattern in sources.items():
            assert re.search(pattern, text(path)), path


@pytest.mark.parametrize(
    ("service", "path", "error", "without_code"),
    [
        # Not codes: the type of a row, REDIRECT (the row of four codes), and the field of the class.
        ("auth server", "auth-server/src/errors.ts", r"\bstatus: |: REDIRECT\b", 3),
        ("backend", "backend-fastapi/app/errors.py", r"\(AppError\):", 0),
        # All but AuthError are kinds of errors themselves.
        ("backend", SIDECAR, rf"\((?:{KINDS})\):", 5),
    ],
)
def test_every_error_is_read(service: str, path: str, error: str, without_code: int) -> None:
    read = re.findall(SOURCES[service][path], text(path))

    assert len(read) == len(re.findall(error, text(path))) - without_code


@pytest.mark.parametrize("service", ["auth server", "backend"])
def test_a_service_has_the_codes_that_are_documented_for_it(service: str) -> None:
    ours, better_auths = _documented()

    assert _codes_of(service).keys() - better_auths == {code for code, row in ours.items() if row.is_from(service)}


@pytest.mark.parametrize("service", SOURCES)
def test_a_code_has_the_status_that_is_documented(service: str) -> None:
    ours, better_auths = _documented()
    codes = {code: status for code, status in _codes_of(service).items() if code not in better_auths}

    assert {code: status for code, status in codes.items() if status not in ours[code].statuses(service)} == {}


def test_every_documented_code_exists() -> None:
    ours, _ = _documented()

    assert ours.keys() - {code for service in SOURCES for code in _codes_of(service)} == set()


def test_no_code_is_documented_twice() -> None:
    ours, better_auths = _documented()

    assert ours.keys() & better_auths == set()


def test_the_pages_decide_by_codes_that_exist() -> None:
    ours, better_auths = _documented()
    pages = "\n".join(
        content for path, content in written().items() if path.startswith("frontend/src/") and ".test." not in path
    )
    decided = set(re.findall(rf"(?:case |code === |code !== )'({CODE})'|^  ({CODE}): \{{ field", pages, re.MULTILINE))

    assert {one or other for one, other in decided} - ours.keys() - better_auths - ELSEWHERE == set()


def test_every_401_signs_a_page_out() -> None:
    ours, _ = _documented()
    (ends,) = re.findall(r"SESSION_END = new Set\(\[([^\]]*)\]\)", text("frontend/src/api/request-error.ts"))

    assert set(re.findall(CODE, ends)) == {code for code, row in ours.items() if 401 in row.statuses("backend")}
