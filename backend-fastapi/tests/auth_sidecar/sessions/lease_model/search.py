"""Breadth first through every state that a set of rules leads to: the first run that breaks a promise is a shortest."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from tests.auth_sidecar.sessions.lease_model.protocol import Rule
from tests.auth_sidecar.sessions.lease_model.state import Promise, State


class Step(NamedTuple):
    before: State
    rule: Rule


@dataclass(frozen=True, slots=True)
class Search:
    reached: Mapping[State, Step | None] = field(repr=False)
    """Each state with the step that led to it first; None for the beginning."""
    broken: Mapping[Promise, State]
    """Where each promise was broken first."""

    def told(self) -> str:
        """The shortest run to each broken promise, in words."""
        return "\n".join(f"{promise.value}:\n{self._run(state)}" for promise, state in self.broken.items())

    def _run(self, state: State) -> str:
        rules = reversed(list(self._rules_backwards(state)))
        steps = [(rule, len(list(times))) for rule, times in groupby(rules)]
        return "".join(f"  {_words(rule)}{f' ({times} times)' if times > 1 else ''}\n" for rule, times in steps)

    def _rules_backwards(self, state: State) -> Iterator[Rule]:
        step = self.reached[state]
        while step is not None:
            yield step.rule
            step = self.reached[step.before]


def search(rules: tuple[Rule, ...], until: Promise | None = None) -> Search:
    """Everything, or up to the state in which that promise is broken."""
    reached: dict[State, Step | None] = {State(): None}
    broken: dict[Promise, State] = {}
    queue = deque(reached)
    while queue and until not in broken:
        state = queue.popleft()
        for rule in rules:
            after = rule(state)
            if after is None or after in reached:
                continue
            reached[after] = Step(state, rule)
            if after.broken is None:
                queue.append(after)
            else:
                broken.setdefault(after.broken, after)
    return Search(reached, broken)


def _words(rule: Rule) -> str:
    return str(rule.__doc__).splitlines()[0]
