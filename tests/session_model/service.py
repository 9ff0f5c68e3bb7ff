"""What a process of a service does with its connection: generations, pings, revocations."""

from collections.abc import Iterator

from session_model.model import Model, with_process
from session_model.reception import over
from session_model.world import Link, Message, Phase, Process, State, Status, Step


def connect(model: Model, state: State) -> Iterator[Step]:
    for index, process in enumerate(state.processes):
        if process.phase is not Phase.DOWN or process.connections == model.scenario.connections_of(index):
            continue
        for number, server in enumerate(state.servers):
            if server.status is Status.LISTENING and number in (model.scenario.goes_to or range(len(state.servers))):
                yield Step(f"process {index} connects to server {number}", _connected(model, state, index, number))


def _connected(model: Model, state: State, index: int, number: int) -> State:
    process = state.processes[index]
    older = tuple(
        link if model.rules.entry_outlives_connect or link.server != number else over(link) for link in process.links
    )
    link = Link(number, process.connections + 1)
    if model.scenario.early_pings and model.sends_fresh(number, index):
        link = link._replace(down=(Message("hello"),))
    process = process._replace(connections=process.connections + 1, links=(*older, link), ping_age=None)
    if model.rules.empties_once_connected:
        return with_process(state, index, process._replace(phase=Phase.OPENED))
    return with_process(state, index, _greeting(model, process._replace(phase=Phase.LIVE), index))


def empty(model: Model, state: State) -> Iterator[Step]:
    """Once connected: what was ended before this moment, no revocation will tell of."""
    for index, process in enumerate(state.processes):
        if process.phase is Phase.OPENED and model.rules.empties_once_connected:
            after = _greeting(model, _in_new_generation(model, process)._replace(phase=Phase.LIVE), index)
            yield Step(
                f"process {index} drops its lease, empties its cache, sends fresh", with_process(state, index, after)
            )
        if process.phase is Phase.DOWN and not model.rules.empties_once_connected:
            after = with_process(state, index, _in_new_generation(model, process))
            yield Step(f"process {index} drops its lease and empties its cache, before it is connected", after)


def _in_new_generation(model: Model, process: Process) -> Process:
    if model.rules.connecting_empties_cache:
        process = process._replace(cached=(False,) * len(process.cached))
    asks = tuple(ask and ask._replace(is_of_this_generation=False) for ask in process.asks)
    return process._replace(asks=asks, lease=0 if model.rules.connecting_drops_lease else process.lease, unmarked=())


def _greeting(model: Model, process: Process, index: int) -> Process:
    link = process.links[-1]
    if model.scenario.early_pings or not model.sends_fresh(link.server, index):
        return process
    return _sent(process, Message("fresh"))


def _sent(process: Process, message: Message) -> Process:
    link = process.links[-1]
    if link.is_cut or not link.is_open:
        return process
    return process._replace(links=(*process.links[:-1], link._replace(up=(*link.up, message))))


def ping(model: Model, state: State) -> Iterator[Step]:
    for index, process in enumerate(state.processes):
        if model.scenario.leased or process.phase is not Phase.LIVE or process.ping_age is not None:
            continue
        link = process.links[-1]
        is_full = model.sends_fresh(link.server, index) and not any(message.what == "hello" for message in link.down)
        after = _sent(process._replace(ping_age=0, is_ping_full=is_full), Message("ping"))
        if after.links != process.links:  # nothing comes of a ping on a dead connection
            yield Step(f"process {index} sends a ping", with_process(state, index, after))


def hear(model: Model, state: State) -> Iterator[Step]:
    for index, process in enumerate(state.processes):
        if process.phase is not Phase.LIVE:
            continue
        link = process.links[-1]
        for place, message in enumerate(link.down):
            if place and not (message.what == "sync" and not model.rules.synced_after_cache):
                continue
            rest = link._replace(down=(*link.down[:place], *link.down[place + 1 :]))
            after = process._replace(links=(*process.links[:-1], rest))
            yield Step(
                f"process {index} hears {message.what}",
                with_process(state, index, _HEARD[message.what](model, after, message)),
            )


def _revoke(model: Model, process: Process, message: Message) -> Process:
    if not model.rules.synced_after_marks:
        cached = _without(process.cached, message.session)
        return process._replace(cached=cached, unmarked=(*process.unmarked, message.session))
    return overtaken(model, process, message.session)


def overtaken(model: Model, process: Process, session: int) -> Process:
    asks = tuple(
        ask and ask._replace(is_overtaken=True) if number == session else ask for number, ask in enumerate(process.asks)
    )
    return process._replace(cached=_without(process.cached, session), asks=asks)


def _without(cached: tuple[bool, ...], session: int) -> tuple[bool, ...]:
    return tuple(was and number != session for number, was in enumerate(cached))


def mark(model: Model, state: State) -> Iterator[Step]:
    """In a mutant: the marks come after the cache, and after `synced`."""
    for index, process in enumerate(state.processes):
        if process.unmarked:
            after = overtaken(model, process, process.unmarked[0])._replace(unmarked=process.unmarked[1:])
            yield Step(f"process {index} marks its questions", with_process(state, index, after))


def _sync(model: Model, process: Process, message: Message) -> Process:
    return _sent(process, Message("synced", message.session))


def _pong(model: Model, process: Process, message: Message) -> Process:
    if process.ping_age is None:
        return process
    is_full = process.is_ping_full or not model.rules.short_until_fresh
    length = model.fresh_or_short(process.links[-1].server, is_full=is_full)
    if not model.rules.lease_of_granting_server:
        length = model.scenario.max_lease
    age = process.ping_age if model.rules.lease_from_ping else 0
    return process._replace(ping_age=None, lease=max(process.lease, length + 1 - age))


def _hello(model: Model, process: Process, message: Message) -> Process:
    return _sent(_in_new_generation(model, process), Message("fresh"))


_HEARD = {"revoke": _revoke, "sync": _sync, "pong": _pong, "hello": _hello}


def leave(model: Model, state: State) -> Iterator[Step]:
    """It stops in order, or a deployment moves it."""
    for index, process in enumerate(state.processes):
        if not model.scenario.bye or process.phase is not Phase.LIVE or process.links[-1].up[-1:] == (Message("bye"),):
            continue
        if not process.links[-1].is_open or process.links[-1].is_cut:
            continue
        after = _sent(process, Message("bye"))
        if model.rules.bye_after_lease:
            after = after._replace(lease=0)
        if model.rules.bye_takes_no_pong:
            after = down(after)
        yield Step(f"process {index} says bye", with_process(state, index, after))


def down(process: Process) -> Process:
    """The process has no connection. What it sent may still arrive."""
    link = process.links[-1]._replace(down=())
    return process._replace(phase=Phase.DOWN, ping_age=None, links=(*process.links[:-1], link))
