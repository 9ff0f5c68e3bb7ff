"""What a page of the documentation shows: its blocks of code, and the commands in it with what they should print."""

import re
from dataclasses import dataclass

from stack.repository import text

_FENCED = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
_HEADING = re.compile(r"(?m)^## (.+)$")
_EXPECTATION = re.compile(r"\s{2,}# (.+)$")


@dataclass(frozen=True)
class Command:
    line: str
    expected: tuple[str, ...]
    """Words that its output has to contain."""


@dataclass(frozen=True)
class Page:
    path: str

    @property
    def text(self) -> str:
        return text(self.path)

    def section(self, heading: str) -> str:
        """From this heading to the next."""
        titles = list(_HEADING.finditer(self.text))
        (begin,) = (number for number, title in enumerate(titles) if title[1] == heading)
        end = titles[begin + 1].start() if begin + 1 < len(titles) else None
        return self.text[titles[begin].end() : end]

    def block(self, heading: str, language: str, number: int | None = None) -> str:
        """The only one of this language below the heading, or that of several."""
        found = blocks(self.section(heading), language)
        if number is not None:
            return found[number]
        (only,) = found
        return only

    def commands(self, program: str) -> list[Command]:
        """Indented lines that call the program; a backslash at the end of one continues it."""
        joined = self.text.replace("\\\n", " ")
        lines = re.findall(rf"(?m)^ {{4,}}({program} .+)$", joined)
        return [_to_command(line) for line in lines]


def blocks(markdown: str, language: str) -> list[str]:
    return [code for marked, code in _FENCED.findall(markdown) if marked == language]


def _to_command(line: str) -> Command:
    found = _EXPECTATION.search(line)
    return Command(_EXPECTATION.sub("", line), tuple(found[1].split()) if found else ())
