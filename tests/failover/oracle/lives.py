"""One life after the other at one site: sign up, sign in once more, write a note, end one session."""

import contextlib
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import httpx

from failover.oracle.asking import Line, Question, check
from failover.oracle.ends import ENDS, Cast, End
from failover.oracle.ledger import Answer, Ledger, Person, Session, State, now
from stack.target import Stack
from stack.visitors import ApiClient, User

SECONDS_BETWEEN = 0.09
OK, CREATED = 200, 201
ACTS = ("sign up", "sign in", "note")


@dataclass(frozen=True)
class Site:
    number: int
    stack: Stack
    admin: ApiClient

    def target(self, act: str) -> str:
        return f"site {self.number}: {act}"


@dataclass(frozen=True)
class Life:
    person: Person
    leaving: ApiClient
    staying: ApiClient
    sessions: tuple[Session, Session]
    """Of `leaving`, and of `staying`."""


class Lives:
    """`questions`: every service that can be asked who somebody is."""

    def __init__(self, ledger: Ledger, site: Site, questions: list[Question]) -> None:
        self._ledger = ledger
        self._site = site
        self._questions = questions

    def live(self, stop: threading.Event) -> None:
        for name in itertools.cycle(ENDS):
            if stop.wait(SECONDS_BETWEEN):
                return
            life = self.begin()
            if life is not None:
                self.end(life, name)

    def begin(self) -> Life | None:
        """None where one of the acts was unavailable: what came of it nobody knows."""
        user, leaving, staying = User(), ApiClient(self._site.stack), ApiClient(self._site.stack)
        signed_up = self._act("sign up", partial(leaving.sign_up, user))
        if signed_up is None:
            return None
        person = self._ledger.signed_up(user, signed_up.json()["user"]["id"])
        first = self._ledger.made(leaving.token)
        self._ask_everybody(first)
        if self._act("sign in", partial(staying.sign_in, user)) is None:
            return None
        second = self._ledger.made(staying.token)
        self._ask_everybody(second)
        note = self._act("note", lambda: leaving.api("POST", "/notes", json={"text": "remember me"}), CREATED)
        if note is not None:
            self._ledger.wrote(person, note.json()["id"])
        return Life(person, leaving, staying, (first, second))

    def end(self, life: Life, name: str) -> bool:
        """Whether it was acknowledged. What is to end is in doubt until then."""
        end, (first, second) = ENDS[name], life.sessions
        _doubt(life, end)
        cast = Cast(life.person.user, life.person.id, life.leaving, life.staying, self._site.admin)
        if self._act(name, lambda: end.ask(cast)) is None:
            return False
        self._ledger.ended_now(*((first, second) if end.ends_both else (first,)))
        self._ask_everybody(first)
        if second.state is not State.IN_DOUBT:
            self._ask_everybody(second)
        return True

    def _act(self, act: str, ask: Callable[[], httpx.Response], good: int = OK) -> httpx.Response | None:
        began = now()
        try:
            response = ask()
        except httpx.TransportError as error:
            self._ledger.judge(self._site.target(act), began, Answer(0, "", repr(error)), set())
            return None
        answer = Answer(response.status_code, response.headers.get("retry-after", ""), response.text[:300])
        is_answered = self._ledger.judge(self._site.target(act), began, answer, {good})
        return response if is_answered else None

    def _ask_everybody(self, session: Session) -> None:
        for question in self._questions:
            with contextlib.closing(Line(question)) as line:
                check(self._ledger, question, line, session)


def _doubt(life: Life, end: End) -> None:
    first, second = life.sessions
    first.state = State.IN_DOUBT
    if end.ends_both or end.replaces_staying:
        second.state = State.IN_DOUBT
    life.person.is_removed = end.removes
