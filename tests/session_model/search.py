"""Breadth first through every state: the first run that breaks a promise is a shortest one."""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from session_model import clock, database, faults, questions, reception, servers, service
from session_model.model import Model
from session_model.reduction import reduced
from session_model.world import End, Process, Promise, Server, State, Step

Rule = Callable[[Model, State], Iterator[Step]]

DELIVERIES: tuple[Rule, ...] = (
    database.barrier,
    database.run_statement,
    servers.send_statement,
    servers.hear,
    servers.write_late_entry,
    reception.receive,
    service.empty,
    service.hear,
    service.mark,
)
"""What happens by itself, without time or a fault."""

RULES: tuple[Rule, ...] = (
    servers.answer,
    questions.use_entry,
    *DELIVERIES,
    clock.tick,
    database.commit,
    database.sign_of_life_elsewhere,
    service.connect,
    service.ping,
    service.leave,
    questions.ask,
    questions.ask_again,
    questions.join,
    questions.respond,
    questions.hear_of_another_change,
    faults.server_closes,
    faults.cut,
    faults.notice,
    faults.lose_listen,
    faults.listen,
    faults.die,
    faults.row_is_deleted,
)


@dataclass(frozen=True)
class Found:
    reached: Collection[State] = field(repr=False)
    trace: tuple[str, ...] = ()
    broken: Promise | None = None
    is_whole: bool = True
    happened: frozenset[Rule] = field(default=frozenset(), repr=False)

    @property
    def states(self) -> int:
        return len(self.reached)

    def told(self) -> str:
        return "\n".join(f"  {number:2d} {words}" for number, words in enumerate(self.trace, 1))


def search(model: Model, *, until: Promise | None = None, limit: int = 10_000_000) -> Found:
    """Everything, or up to the first run that breaks a promise: that one, if one is named."""
    start = reduced(model, model.start())
    assert start is not None
    reached: dict[State, tuple[State, str] | None] = {start: None}
    parts = _Parts()
    happened: set[Rule] = set()
    queue = deque([start])
    while queue and len(reached) < limit:
        state = queue.popleft()
        for rule in RULES:
            for words, after, broken in rule(model, state):
                happened.add(rule)
                if broken and until in {None, broken}:
                    return Found(reached, (*_run(reached, state), words), broken)
                after = None if after in reached else reduced(model, after)
                if after is None or after in reached:
                    continue
                after = parts.shared(after)
                reached[after] = (state, words)
                queue.append(after)
    return Found(reached, is_whole=not queue, happened=frozenset(happened))


class _Parts:
    """Most parts of most states are equal to those of others: one copy of each is enough."""

    def __init__(self) -> None:
        self._ends: dict[End, End] = {}
        self._servers: dict[Server, Server] = {}
        self._processes: dict[Process, Process] = {}

    def shared(self, state: State) -> State:
        return State(
            tuple(self._ends.setdefault(end, end) for end in state.ends),
            tuple(self._servers.setdefault(server, server) for server in state.servers),
            tuple(self._processes.setdefault(process, process) for process in state.processes),
        )


def _run(reached: dict[State, tuple[State, str] | None], state: State) -> tuple[str, ...]:
    words: list[str] = []
    while (step := reached[state]) is not None:
        state, told = step
        words.append(told)
    return tuple(reversed(words))
