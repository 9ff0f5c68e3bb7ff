"""Versions of auth_sidecar with one mistake each: a staleness test that misses them is worth nothing."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stack.processes import FOLDER
from staleness.auth_server import LEASE_SECONDS
from staleness.numbers import SIGNED_OUT_ALIVE, Numbers

_SOURCE = FOLDER / "auth_sidecar" / "src"


@dataclass(frozen=True)
class Mutant:
    """`before` occurs once in `file` (in the package auth_sidecar) and becomes `after`."""

    file: str
    before: str
    after: str
    fault: str
    """Of faults.py: the one under which it shows."""
    is_caught: Callable[[Numbers], bool]


MUTANTS = {
    "flush before the feed is live": Mutant(
        file="auth_server/feed.py",
        before="""\
                async with self._connect() as socket:
                    for listener in listeners:
                        listener.start_generation()
""",
        after="""\
                for listener in listeners:
                    listener.start_generation()
                async with self._connect() as socket:
""",
        fault="feed connection killed",
        is_caught=lambda numbers: numbers.late_accepts > 0,
    ),
    "no lease": Mutant(
        file="sessions/cache.py",
        before="""\
        if age >= self.lease_seconds:
""",
        after="""\
        if not self._is_live:
""",
        fault="feed stalled",
        is_caught=lambda numbers: numbers.late_accepts > 0 and numbers.longest_staleness_seconds > LEASE_SECONDS,
    ),
    "a plain cache of 300 ms": Mutant(
        file="auth_server/client.py",
        before="""\
        result = await self._ask(self._url if may_refresh else self._url_without_refresh, headers, deadline)
""",
        after="""\
        kept = self.__dict__.setdefault("kept", {})
        now = asyncio.get_running_loop().time()
        if credential not in kept or now - kept[credential][0] > 0.3:
            kept[credential] = now, await self._ask(self._url, headers, deadline)
        result = kept[credential][1]
""",
        fault="no fault",
        is_caught=lambda numbers: numbers.late_accepts > 0 and numbers.longest_staleness_seconds > LEASE_SECONDS,
    ),
    "an outage reads as signed out": Mutant(
        file="auth_server/client.py",
        before="""\
            raise AuthServerUnavailable(reason, is_outage=has_slot) from error
""",
        after="""\
            raise SessionRequired from error
""",
        fault="auth server paused",
        is_caught=lambda numbers: numbers.wrong[SIGNED_OUT_ALIVE] > 0,
    ),
}


def mutate(mutant: Mutant, folder: Path) -> Path:
    """A copy of the package with the mistake, in a folder to be first in PYTHONPATH."""
    shutil.copytree(_SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "auth_sidecar" / mutant.file
    text = path.read_text(encoding="utf-8")
    assert text.count(mutant.before) == 1, (
        f"occurs {text.count(mutant.before)} times in {mutant.file}:\n{mutant.before}"
    )
    path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")
    return folder
