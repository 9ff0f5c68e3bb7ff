"""Two of everything: two auth servers, and for each a backend of two processes that asks it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from stack.line import Line, LineAnswer
from stack.replica import Replica
from stack.target import Stack


@dataclass(frozen=True)
class Site:
    """`stack`: the addresses of this site's auth server and backend, for visitors."""

    stack: Stack
    backend: Replica
    lines: tuple[Line, ...]
    """One to each process of the backend."""

    def ask(self, credentials: Mapping[str, str], path: str = "/api/me") -> list[LineAnswer]:
        """Every process of this site, at once."""
        return ask(self.lines, credentials, path)


@dataclass(frozen=True)
class Sites:
    first: Site
    second: Site
    second_auth_server: Replica

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.first.lines + self.second.lines

    def ask(self, credentials: Mapping[str, str], path: str = "/api/me") -> list[LineAnswer]:
        """Every process of both sites, at once."""
        return ask(self.lines, credentials, path)

    def statuses(self, credentials: Mapping[str, str]) -> list[int]:
        return [answer.status for answer in self.ask(credentials)]


def ask(lines: tuple[Line, ...], credentials: Mapping[str, str], path: str) -> list[LineAnswer]:
    with ThreadPoolExecutor(len(lines)) as pool:
        asked = [pool.submit(line.get, path, credentials) for line in lines]
        return [answer.result() for answer in asked]
