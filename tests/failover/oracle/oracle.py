"""Runs all of them beside what a test does, and says in the end what was wrong."""

import contextlib
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import product

from failover.oracle.asking import Question
from failover.oracle.ledger import Ledger, Person, now
from failover.oracle.lives import ACTS, Lives, Site
from failover.oracle.readers import read
from stack.target import Stack
from stack.visitors import ApiClient, User
from stack.waiting import eventually

SECONDS_TO_RECOVER = 5
SECONDS_TO_STAY_WELL = 3
STEADY = 6


class Oracle:
    """`promote` makes a user an administrator, by id."""

    def __init__(self, sites: Sequence[Stack], promote: Callable[[str], None]) -> None:
        self.ledger = Ledger()
        self.questions = [
            question
            for number, stack in enumerate(sites, 1)
            for question in (
                Question(f"auth server {number}", stack.auth_url, "/api/auth/session"),
                Question(f"backend {number}", stack.api_url, "/api/me"),
            )
        ]
        self._sites = [Site(number, stack, _admin(stack, promote)) for number, stack in enumerate(sites, 1)]
        self.lives = [Lives(self.ledger, site, self.questions) for site in self._sites]
        for lives in self.lives * (STEADY // 2):
            life = lives.begin()
            assert life is not None, self.ledger.report(now())
            self.ledger.steady.extend(life.sessions)

    @contextlib.contextmanager
    def watching(self) -> Generator["Oracle"]:
        """All users act until this ends."""
        stop = threading.Event()
        with ThreadPoolExecutor(len(self.questions) + len(self.lives)) as pool:
            running: list[Future[None]] = [
                *(pool.submit(read, self.ledger, question, stop) for question in self.questions),
                *(pool.submit(lives.live, stop) for lives in self.lives),
            ]
            try:
                self.await_answers(now(), within_seconds=30)
                yield self
            finally:
                stop.set()
        for one in running:
            one.result()

    def await_answers(self, since: float, within_seconds: float) -> None:
        """Until every service has answered every kind of request that began after this moment."""
        targets = {question.target for question in self.questions}
        targets |= {site.target(act) for site, act in product(self._sites, ACTS)}

        def is_over() -> bool:
            is_wrong = len(self.ledger.violations) > 0
            return is_wrong or now() > since + within_seconds or not self.ledger.unsettled_since(since, targets)

        eventually(is_over, within_seconds + 1)
        self.assert_nothing_is_wrong()
        silent = self.ledger.unsettled_since(since, targets)
        assert not silent, f"no answer for {within_seconds} s: {sorted(silent)}"

    def await_recovered(self, healthy_at: float) -> None:
        """`healthy_at`: when the database could be used again. All is well after SECONDS_TO_RECOVER, and stays so."""
        must_answer = healthy_at + SECONDS_TO_RECOVER
        eventually(lambda: now() > must_answer + SECONDS_TO_STAY_WELL, SECONDS_TO_RECOVER + SECONDS_TO_STAY_WELL + 1)
        try:
            self.await_answers(must_answer, within_seconds=SECONDS_TO_STAY_WELL + 10)
        finally:
            sys.stdout.write(self.ledger.report(healthy_at))
        late = self.ledger.unavailable_since(must_answer)
        assert late == [], "\n".join(late[:20])

    def assert_nothing_is_wrong(self) -> None:
        """Says what is, each thing once."""
        wrong = Counter(self.ledger.violations)
        assert not wrong, "\n".join(f"{count} times: {what}" for what, count in wrong.most_common(20))

    def acknowledged(self) -> list[Person]:
        """Whose account and notes must still be there."""
        return [person for person in self.ledger.people if not (person.may_be_lost or person.is_removed)]


def _admin(stack: Stack, promote: Callable[[str], None]) -> ApiClient:
    admin = ApiClient(stack)
    user_id = admin.sign_up(User()).raise_for_status().json()["user"]["id"]
    promote(user_id)
    return admin
