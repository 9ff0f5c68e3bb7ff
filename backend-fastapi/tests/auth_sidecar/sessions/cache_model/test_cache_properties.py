"""The session cache under random histories: what it says was true a moment ago, and it says all that it must know.

truth.py is the auth server, scripted_feed.py what is heard from it, compared_cache.py has the checks. A step is one
thing that happens; steps may come in any order.
"""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, none, sampled_from

from auth_sidecar.credential import Credential
from tests.auth_sidecar.sessions.cache_model.compared_cache import ComparedCache, Question
from tests.auth_sidecar.sessions.cache_model.scripted_feed import LEASE_SECONDS, PACES, Pace, ScriptedFeed
from tests.auth_sidecar.sessions.cache_model.truth import CHANGES, EPOCH, KINDS, SEATS, Change, Kind, Truth, reading_of

# What stands twice in a list comes more often.
seats = integers(0, len(SEATS) - 1)
kinds = sampled_from(KINDS)
changes = sampled_from(CHANGES)
paces = sampled_from(PACES)
lifetimes = sampled_from([3600.0, 3600.0, 3600.0, 0.2, 0.03])
refreshes = none() | sampled_from([7200.0, 1800.0, 0.1, 0.02])
pauses = sampled_from([0.001, 0.01, 0.025, 0.049, 0.051, LEASE_SECONDS / 2, 0.15, LEASE_SECONDS, LEASE_SECONDS, 1.0])
clock_errors = sampled_from([0.0, 0.0, -3600.0, -0.1, 0.1, 3600.0])


class FakeClock:
    """Shows what it is set to."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class RandomHistory(RuleBasedStateMachine):
    """One service, the browsers of two users, the auth server, and whatever can come between them."""

    questions: Bundle[Question] = Bundle("questions")

    @initialize(
        capacity=sampled_from([1, 3, 4, 6, 8]),
        is_warm=sampled_from([True, True, True, False]),
        pace=paces,
        response_steps=sampled_from([1, 1, 5]),
    )
    def start(self, capacity: int, is_warm: bool, pace: Pace, response_steps: int) -> None:
        self.clock, self.wall = FakeClock(0), FakeClock(EPOCH.timestamp())
        self.steps, self.response_steps = 0, response_steps
        self.under_way: Question | None = None
        self.response_at_step = 0
        self.capacity = capacity
        self.truth = Truth(self.clock)
        self.cache = ComparedCache(capacity, self.truth, self.clock, self.wall)
        self.feed = ScriptedFeed(self.clock, self.cache.real, self.cache.plain)
        for seat in range(len(SEATS)):
            self.truth.sign_in(seat, 3600, None)
        if is_warm:
            self.replace_feed()
        self.feed.set_pace(pace)

    # What happens at the auth server.

    @rule(seat=seats, expires_in=lifetimes, refresh_in=refreshes)
    def sign_in(self, seat: int, expires_in: float, refresh_in: float | None) -> None:
        self.truth.sign_in(seat, expires_in, refresh_in)

    @rule(what=changes, seat=seats)
    def change(self, what: Change, seat: int) -> None:
        self.feed.announce(self.truth.change(what, seat))

    # What happens to the feed.

    @rule(pace=paces)
    def set_pace(self, pace: Pace) -> None:
        self.feed.set_pace(pace)

    @rule(most=integers(1, 3))
    def hear(self, most: int) -> None:
        self.feed.hear(most)

    @precondition(lambda self: self.feed.is_whole)
    @rule()
    def break_feed_silently(self) -> None:
        self.feed.break_silently()

    @precondition(lambda self: not self.feed.is_whole or not self.feed.is_live)
    @rule()
    def take_a_step_to_a_new_feed(self) -> None:
        self.feed.take_a_step_to_a_new_one()

    @precondition(lambda self: not self.feed.is_whole or not self.feed.is_live)
    @rule()
    def replace_feed(self) -> None:
        while not self.feed.is_whole or not self.feed.is_live:
            self.feed.take_a_step_to_a_new_one()

    # What the clocks do.

    @rule(seconds=pauses)
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds
        self.wall.now += seconds
        self.feed.let_time_pass()

    @rule(error=clock_errors)
    def set_wall_clock(self, error: float) -> None:
        self.wall.now = EPOCH.timestamp() + self.clock.now + error

    # What requests do.

    @invariant()
    def traffic_goes_on(self) -> None:
        """After each step the next browser in turn, of as many as there is room for, sends a request.

        What is not found is asked, and read at once; the response comes some steps later. If it may not be kept, it is
        asked for again. This is no rule, because Hypothesis switches most rules off in most histories.
        """
        self.steps += 1
        self.go_on_with_question()
        turn = self.steps % min(self.capacity, len(SEATS) * len(KINDS))
        credential = self.truth.credential(turn % len(SEATS), KINDS[turn // len(SEATS)])
        if not self.find(credential) and self.under_way is None:
            self.under_way, self.response_at_step = self.ask(credential), self.steps + self.response_steps

    def go_on_with_question(self) -> None:
        if self.under_way is None or self.steps < self.response_at_step:
            return
        if self.cache.respond(self.under_way) or self.under_way.response is None:
            self.cache.end(self.under_way)
            self.under_way = None
            return
        self.ask_again(self.under_way, is_read=True)
        self.response_at_step = self.steps + self.response_steps

    @rule(seat=seats, kind=kinds)
    def request(self, seat: int, kind: Kind) -> None:
        """What is not found is asked, and the response comes at once."""
        credential = self.truth.credential(seat, kind)
        if not self.find(credential):
            question = self.ask(credential)
            self.cache.respond(question)
            self.cache.end(question)

    def find(self, credential: Credential) -> bool:
        """As in a service, an old lease makes for a ping."""
        wanted = self.cache.wanted
        is_found = self.cache.find(credential)
        if self.cache.wanted > wanted:
            self.feed.ping()
        return is_found

    def ask(self, credential: Credential) -> Question:
        question = self.cache.begin(credential)
        self.cache.read(question)
        return question

    @precondition(lambda self: bool(self.cache.plain.kept))
    @rule(oldest=booleans(), is_due=booleans())
    def find_at_its_end(self, oldest: bool, is_due: bool) -> None:
        """At the very moment at which it expires, or has to be asked about. Then the wall clock is set right again."""
        response = self.cache.plain.kept[0 if oldest else -1].response
        session = response.identity.session
        end = session.refresh_at if is_due and session.refresh_at is not None else session.expires_at
        self.wall.now = end.timestamp()
        self.cache.find(reading_of(response).credential)
        self.set_wall_clock(0)

    @rule(target=questions, seat=seats, kind=kinds, is_read=booleans())
    def begin(self, seat: int, kind: Kind, is_read: bool) -> Question:
        """A question that takes its time: what it is told was read at once, or is read when the response is sent."""
        credential = self.truth.credential(seat, kind)
        return self.ask(credential) if is_read else self.cache.begin(credential)

    @rule(question=questions, is_read=booleans())
    def ask_again(self, question: Question, is_read: bool) -> None:
        self.cache.restart(question)
        if is_read:
            self.cache.read(question)

    @rule(question=consumes(questions), gets_response=sampled_from([True, True, False]))
    def end(self, question: Question, gets_response: bool) -> None:
        if gets_response:
            self.cache.respond(question)
        self.cache.end(question)

    @invariant()
    def all_checks_hold(self) -> None:
        self.cache.check()


def test_the_cache_says_what_was_true_a_moment_ago_and_all_that_it_must_know() -> None:
    run_state_machine_as_test(
        RandomHistory,
        settings=settings(
            max_examples=200,
            stateful_step_count=50,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            # Of the examples, which are long, and of a machine that is busy with something else.
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        ),
    )
