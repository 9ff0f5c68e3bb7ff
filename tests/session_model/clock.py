"""A tick passes."""

from collections.abc import Iterator

from session_model.model import Model
from session_model.servers import let_go, settle
from session_model.world import End, Link, Process, Server, State, Step


def tick(model: Model, state: State) -> Iterator[Step]:
    processes = tuple(_process(model, process) for process in state.processes)
    everywhere = state._replace(processes=processes)
    yield Step("a tick passes", _for_servers(model, everywhere))
    if not model.rules.lease_counts_suspension:
        yield Step("a tick passes while the services are suspended", _for_servers(model, state))
    if model.scenario.clocks_of_servers_stop:
        # BOUND is about real time, so `since` goes on; answering is about the origin's own.
        yield Step("a tick passes while the clocks of the servers stand still", everywhere)


def _for_servers(model: Model, state: State) -> State:
    ends = tuple(_end(model, end) for end in state.ends)
    processes = tuple(
        process._replace(links=tuple(_link(link) for link in process.links)) for process in state.processes
    )
    before, state = state.servers, State(ends, tuple(_server(server) for server in state.servers), processes)
    for number, server in enumerate(before):
        for other, left in enumerate(server.members):
            if left == 1:
                state = let_go(model, state, number, other)
    return settle(model, state)


def _process(model: Model, process: Process) -> Process:
    age = process.ping_age
    if age is None and not process.lease:
        return process
    oldest = max(model.scenario.leases) + 1
    return process._replace(
        ping_age=None if age is None else min(age + 1, oldest),
        lease=max(process.lease - 1, 0),
    )


def _link(link: Link) -> Link:
    if not link.granted:
        return link
    return link._replace(granted=link.granted - 1, awaited=link.awaited if link.granted > 1 else ())


def _end(model: Model, end: End) -> End:
    return (
        end._replace(since=min(end.since + 1, model.scenario.oldest))
        if end.is_committed and not end.is_answered
        else end
    )


def _server(server: Server) -> Server:
    if not server.newcomer and not any(server.members):
        return server
    members = tuple(max(left - 1, 0) for left in server.members)
    return server._replace(members=members, newcomer=max(server.newcomer - 1, 0))
