"""Asks one service all the time: sessions that live, and sessions that have ended."""

import contextlib
import random
import threading

from failover.oracle.asking import Line, Question, check
from failover.oracle.ledger import Ledger

SECONDS_BETWEEN = 0.03


def read(ledger: Ledger, question: Question, stop: threading.Event) -> None:
    with contextlib.closing(Line(question)) as line:
        while not stop.wait(SECONDS_BETWEEN):
            for sessions in (ledger.steady, list(ledger.ended)):
                if sessions:
                    check(ledger, question, line, random.choice(sessions))
