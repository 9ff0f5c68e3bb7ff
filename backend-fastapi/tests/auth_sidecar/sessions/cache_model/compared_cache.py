"""The real session cache, and each of its responses checked: against what was true, and against the plain cache."""

import gc
from dataclasses import dataclass
from math import nextafter
from typing import cast

from auth_sidecar.check_result import CheckResult
from auth_sidecar.clock import Clock
from auth_sidecar.credential import Credential, digest_of
from auth_sidecar.sessions.cache import Entry, SessionCache
from auth_sidecar.sessions.mark import Mark
from tests.auth_sidecar.sessions.cache_model.plain_cache import Asked, PlainCache
from tests.auth_sidecar.sessions.cache_model.scripted_feed import LEASE_SECONDS
from tests.auth_sidecar.sessions.cache_model.truth import USERS, Truth, reading_of

FOREVER = float("inf")


@dataclass(eq=False)
class Question:
    """Under way to the auth server. `response` is what has been read there; None: nothing yet, or nobody."""

    credential: Credential
    mark: Mark
    asked: Asked
    response: CheckResult | None = None


class ComparedCache:
    """What is found is checked as it is found; `check` may be called at any time."""

    def __init__(self, capacity: int, truth: Truth, clock: Clock, wall_clock: Clock) -> None:
        self._capacity = capacity
        self._truth = truth
        self._clock = clock
        self._wall_clock = wall_clock
        self._open: list[Question] = []
        self._over: list[tuple[Mark, frozenset[str]]] = []
        self.wanted = 0
        """How often the real cache found that a ping is due."""
        self.plain = PlainCache(capacity, clock, wall_clock)
        self.real = SessionCache(capacity, clock, self._note_want, wall_clock)

    # What requests do.

    def find(self, credential: Credential) -> bool:
        found = _result_of(self.real.find(digest_of(credential)))
        expected = self.plain.find(digest_of(credential))
        if found is not None:
            self._check_promise(found)
            self._check_belongs(credential, found)
            self._check_not_run_out(found)
        assert found == expected
        return found is not None

    def begin(self, credential: Credential) -> Question:
        question = Question(credential, self.real.begin(), self.plain.ask())
        self._open.append(question)
        return question

    def read(self, question: Question) -> None:
        """At the auth server; the response is on its way from then on."""
        question.response = self._truth.read(question.credential)

    def restart(self, question: Question) -> None:
        self.real.restart(question.mark)
        question.asked, question.response = self.plain.ask(), None

    def respond(self, question: Question) -> bool:
        """With what was read before, or is now. Whether it was kept; of nobody, nothing is kept any more."""
        if question.response is None:
            self.read(question)
        key = digest_of(question.credential)
        if question.response is None:
            self.real.forget(key)
            self.plain.forget(key)
            return False
        is_kept = self.real.keep(key, question.response, question.mark)
        assert is_kept == self.plain.keep(key, question.response, question.asked)
        return is_kept

    def end(self, question: Question) -> None:
        self.real.end(question.mark)
        self._open.remove(question)
        self._over.append((question.mark, frozenset(question.mark.revoked)))

    # What holds at any time.

    def check(self) -> None:
        self._check_size()
        self._check_contents()
        self._check_counts()
        self._check_lease()
        self._check_questions()
        self._check_ended_questions()
        self._check_nothing_leaks()

    def _check_size(self) -> None:
        assert len(self.real) <= self._capacity
        assert len(self.real) == len(self.plain.kept)

    def _check_contents(self) -> None:
        """Looked at in the way that changes nothing: each response may be used as long as it is known to be right."""
        for credential in self._truth.credentials:
            age = self.plain.staleness(digest_of(credential))
            for grace_seconds in (FOREVER,) if age is None else (age, nextafter(age, FOREVER)):
                self._check_stale(credential, grace_seconds)

    def _check_counts(self) -> None:
        counts = self.real.counts
        assert counts.hits + counts.misses + counts.lease_misses == self.plain.lookups
        assert counts == self.plain.counts

    def _check_lease(self) -> None:
        assert self.real.is_live == self.plain.is_live
        assert self.real.lease_age_seconds == self.plain.lease_age
        assert self.real.lease_seconds == self.plain.lease_seconds
        assert self.wanted == self.plain.wanted

    def _check_questions(self) -> None:
        """Who may join one gets a response that is as fresh as one of the cache's; what overtakes one is noticed."""
        for question in self._open:
            may_join = self.real.may_join(question.mark)
            if question.response is not None:
                assert question.mark.is_overtaken(question.response) == self.plain.is_overtaken(
                    question.asked, question.response
                )
                if may_join:
                    self._check_promise(question.response)
            assert may_join == self.plain.may_join(question.asked)

    def _check_ended_questions(self) -> None:
        for mark, revoked in self._over:
            assert mark.revoked == revoked

    def _check_nothing_leaks(self) -> None:
        """Where nothing is kept, no id is left in the indexes; questions hold what was heard since they were asked."""
        if self.plain.kept:
            return
        ids = {*self._truth.credentials.values(), *USERS}
        heard = {revoked for question in self._open for revoked in question.mark.revoked}
        assert _held_strings(self.real) & ids <= heard

    # What holds for a response.

    def _check_stale(self, credential: Credential, grace_seconds: float) -> None:
        found = _result_of(self.real.find_stale(digest_of(credential), grace_seconds))
        if found is not None:
            self._check_true_within(grace_seconds, found)
            self._check_belongs(credential, found)
            self._check_not_expired(found)
        assert found == self.plain.find_stale(digest_of(credential), grace_seconds)

    def _check_promise(self, response: CheckResult) -> None:
        """Of an end that was acknowledged nothing is left; of any other change nothing is left after a lease."""
        assert not self._truth.is_refuted(response)
        self._check_true_within(LEASE_SECONDS, response)

    def _check_true_within(self, seconds: float, response: CheckResult) -> None:
        """Nothing that made it false was committed that long ago, or longer."""
        false_since = self._truth.false_since(response)
        assert false_since is None or self._clock() - false_since < seconds

    def _check_belongs(self, credential: Credential, response: CheckResult) -> None:
        """It was read for this very credential; and the cookies that came with it were for another browser request."""
        assert reading_of(response).credential == credential
        assert not response.renewed_cookies

    def _check_not_expired(self, response: CheckResult) -> None:
        assert self._wall_clock() < response.identity.session.expires_at.timestamp()

    def _check_not_run_out(self, response: CheckResult) -> None:
        """Neither expired nor due to be extended."""
        self._check_not_expired(response)
        refresh_at = response.identity.session.refresh_at
        assert refresh_at is None or self._wall_clock() < refresh_at.timestamp()

    def _note_want(self) -> None:
        self.wanted += 1


def _result_of(entry: Entry | None) -> CheckResult | None:
    return None if entry is None else entry.result


def _held_strings(root: object) -> set[str]:
    """Every string that an object leads to. Functions are left out: they lead to the whole program."""
    seen: dict[int, object] = {}
    waiting = [root]
    while waiting:
        held = waiting.pop()
        if id(held) in seen or callable(held):
            continue
        seen[id(held)] = held
        waiting.extend(gc.get_referents(held))
        if isinstance(held, dict):
            waiting.extend(cast("dict[object, object]", held))  # the collector passes over keys that are strings
    return {held for held in seen.values() if isinstance(held, str)}
