"""What the services have acknowledged, and what is to be held against them."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from stack.visitors import User

RECENT = 60
UNAVAILABLE = 503


class State(Enum):
    LIVING = "living"
    IN_DOUBT = "in doubt"
    """Its end was asked for, and nobody has acknowledged it."""
    ENDED = "ended"


@dataclass(eq=False)
class Person:
    """Signed up, which was acknowledged."""

    user: User
    id: str
    may_be_lost: bool
    notes: list[str] = field(default_factory=list[str])
    """Those that may not be lost."""
    is_removed: bool = False


@dataclass(eq=False)
class Session:
    token: str
    may_be_lost: bool
    state: State = State.LIVING

    @property
    def credentials(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


class Answer(NamedTuple):
    """`status` is 0 where none came; `said` is then why."""

    status: int
    retry_after: str
    said: str


class Ledger:
    """`target`: who was asked for what, such as `backend 1: who am I`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.violations: list[str] = []
        self.people: list[Person] = []
        self.steady: list[Session] = []
        self.ended: deque[Session] = deque(maxlen=RECENT)
        self.loses = False
        """While true, the primary's commits reach no standby: what is made now may be lost, an end may not."""
        self._settled: dict[str, list[float]] = {}
        self._unavailable: dict[str, list[float]] = {}

    def made(self, token: str) -> Session:
        return Session(token, may_be_lost=self.loses)

    def signed_up(self, user: User, user_id: str) -> Person:
        person = Person(user, user_id, may_be_lost=self.loses)
        with self._lock:
            self.people.append(person)
        return person

    def wrote(self, person: Person, note_id: str) -> None:
        if not self.loses:
            person.notes.append(note_id)

    def ended_now(self, *sessions: Session) -> None:
        for session in sessions:
            session.state = State.ENDED
            self.ended.append(session)

    def judge(self, target: str, began: float, answer: Answer, allowed: set[int]) -> bool:
        """Whether the request was answered; if not, that is fair only with a 503 that says when to come again."""
        if answer.status in allowed:
            self._record(self._settled, target, began)
            return True
        if answer.status == UNAVAILABLE and answer.retry_after:
            self._record(self._unavailable, target, began)
            return False
        self.accuse(f"{target}: {answer.status or 'no answer'}: {answer.said}")
        return False

    def accuse(self, what: str) -> None:
        with self._lock:
            self.violations.append(what)

    def unsettled_since(self, moment: float, targets: set[str]) -> set[str]:
        """Those of the targets that have answered no request which began after this moment."""
        with self._lock:
            return {target for target in targets if all(began <= moment for began in self._settled.get(target, []))}

    def unavailable_since(self, moment: float) -> list[str]:
        with self._lock:
            return [
                f"{target}: still 503, {began - moment:.1f} s after it had to answer again"
                for target, moments in self._unavailable.items()
                for began in moments
                if began > moment
            ]

    def report(self, healthy_at: float) -> str:
        """For each target: how many were answered, how many got a 503, the last of them when (0: healthy again)."""
        with self._lock:
            lines = [
                f"{target}: {len(self._settled.get(target, []))} answered, {len(late)} unavailable"
                + (f", last {max(late) - healthy_at:+.1f} s" if late else "")
                for target in sorted({*self._settled, *self._unavailable})
                for late in [self._unavailable.get(target, [])]
            ]
        return "\n".join(lines)

    def _record(self, where: dict[str, list[float]], target: str, began: float) -> None:
        with self._lock:
            where.setdefault(target, []).append(began)


def now() -> float:
    return time.monotonic()
