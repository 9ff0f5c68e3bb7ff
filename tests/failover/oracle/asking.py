"""Asking who a session is, and judging the answer by what is known about it."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from failover.oracle.ledger import Answer, Ledger, Session, State, now

SECONDS_TO_ANSWER = 15
_ACCEPTED, _REFUSED = 200, 401


@dataclass(frozen=True)
class Question:
    """`name`: of the service; `path` tells whose session it is."""

    name: str
    url: str
    path: str

    @property
    def target(self) -> str:
        return f"{self.name}: who am I"


class Line:
    """A connection that is kept; opened again after a failure."""

    def __init__(self, question: Question) -> None:
        self._at = urlsplit(question.url)
        self._path = question.path
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, headers: dict[str, str]) -> Answer:
        connection = self._connection or http.client.HTTPConnection(
            self._at.hostname or "", self._at.port, timeout=SECONDS_TO_ANSWER
        )
        self._connection = None
        try:
            connection.request("GET", self._path, headers=headers)
            response = connection.getresponse()
            said = response.read().decode()[:300]
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return Answer(0, "", repr(error))
        self._connection = connection
        return Answer(response.status, response.getheader("retry-after", ""), said)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def check(ledger: Ledger, question: Question, line: Line, session: Session) -> None:
    had_ended = session.state is State.ENDED
    began = now()
    answer = line.ask({**session.credentials, "x-real-ip": "10.1.1.1"})
    if not ledger.judge(question.target, began, answer, {_ACCEPTED, _REFUSED}):
        return
    if answer.status == _ACCEPTED and had_ended:
        ledger.accuse(f"{question.name} accepted a session whose end had been acknowledged")
    if answer.status == _REFUSED and session.state is State.LIVING and not session.may_be_lost:
        ledger.accuse(f"{question.name} refused a living session: {answer.said}")
