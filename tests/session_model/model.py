"""A scenario under a set of rules, and how to change a part of a state."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from session_model.rules import PROTOCOL, Rules
from session_model.scenario import Scenario
from session_model.world import End, Link, Note, Phase, Process, Promise, Server, State, Status

T = TypeVar("T")

SHORT = 1
"""The lease of the first version, in ticks."""


@dataclass(frozen=True)
class Model:
    scenario: Scenario
    rules: Rules = PROTOCOL
    is_pruned: bool = True
    """Without the states in which nothing can be broken any more."""

    @cached_property
    def is_symmetric(self) -> bool:
        """It does not matter which process is which."""
        return (
            len(set(self.scenario.starts_at)) == len(self.scenario.reconnects) == 1
            and not self.scenario.first_version_services
        )

    def start(self) -> State:
        scenario = self.scenario
        members = tuple(
            lease + 1 if scenario.leased and number in scenario.starts_at else 0
            for number, lease in enumerate(scenario.leases)
        )
        servers = tuple(
            Server(
                Status.UNBORN if number in scenario.unborn else Status.LISTENING,
                members=tuple(left if number != other else 0 for other, left in enumerate(members)),
            )
            for number in range(len(scenario.leases))
        )
        sessions = len(scenario.origins)
        processes = tuple(
            Process(
                cached=(scenario.sessions_are_known,) * sessions,
                asks=(None,) * sessions,
                phase=Phase.DOWN if server is None else Phase.LIVE,
                links=() if server is None else (self._linked(server, process),),
                lease=0 if server is None or not scenario.leased else scenario.leases[server] + 1,
            )
            for process, server in enumerate(scenario.starts_at)
        )
        return State((End(),) * sessions, servers, processes)

    def _linked(self, server: int, process: int) -> Link:
        is_fresh = self.sends_fresh(server, process)
        granted = self.fresh_or_short(server, is_full=is_fresh) + 1 if self.scenario.leased else 0
        return Link(server, 1, is_fresh=is_fresh, granted=granted)

    def sends_fresh(self, server: int, process: int) -> bool:
        return process not in self.scenario.first_version_services and server not in self.scenario.first_version_servers

    def promise(self, state: State, session: int) -> Promise | None:
        """What is broken if a request that starts now is accepted."""
        end = state.ends[session]
        if end.is_answered:
            return Promise.ANSWERED
        return Promise.BOUND if end.since == self.scenario.oldest else None

    def fresh_or_short(self, server: int, *, is_full: bool) -> int:
        return self.scenario.leases[server] if is_full else SHORT


def replaced(items: tuple[T, ...], index: int, item: T) -> tuple[T, ...]:
    return (*items[:index], item, *items[index + 1 :])


def with_server(state: State, index: int, server: Server) -> State:
    return state._replace(servers=replaced(state.servers, index, server))


def with_process(state: State, index: int, process: Process) -> State:
    return state._replace(processes=replaced(state.processes, index, process))


def with_end(state: State, session: int, end: End) -> State:
    return state._replace(ends=replaced(state.ends, session, end))


def with_link(state: State, index: int, position: int, link: Link) -> State:
    process = state.processes[index]
    return with_process(state, index, process._replace(links=replaced(process.links, position, link)))


def links_of(state: State, server: int) -> Iterator[tuple[int, int, Link]]:
    """Process, position and link of each connection that the server has had."""
    for index, process in enumerate(state.processes):
        for position, link in enumerate(process.links):
            if link.server == server:
                yield index, position, link


def notified(state: State, note: Note, *, only: int | None = None) -> State:
    """NOTIFY: whoever listens will hear it, after what was committed before."""
    servers = tuple(
        server._replace(heard=(*server.heard, note))
        if server.status is Status.LISTENING and only in {None, index} and server.heard[-1:] != (note,)
        else server
        for index, server in enumerate(state.servers)
    )
    return state._replace(servers=servers)
