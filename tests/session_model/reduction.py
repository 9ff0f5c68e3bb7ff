"""States that differ in nothing that still matters are one; those in which nothing can be broken any more are none."""

from session_model.model import Model, replaced
from session_model.world import End, Link, Message, Note, Phase, Ping, Process, Server, State

ANSWERED = End(is_committed=True, is_answered=True)


def reduced(model: Model, state: State) -> State | None:
    """None where no promise can be broken any more."""
    ends, servers, processes = state
    is_all_ended = all(end.is_committed for end in ends)
    if model.scenario.sessions_are_known and not is_all_ended:
        processes = tuple(_knowing(process, ends) for process in processes)
    if is_all_ended and model.is_pruned and not any(map(_can_accept, processes)):
        return None
    processes = tuple(
        process if len(process.links) < 2 and process.phase else _linked(process) for process in processes
    )
    waiting = [session for session, end in enumerate(ends) if _is_waited_for(model, session, end)]
    if len(waiting) < len(ends):
        ends = tuple(ANSWERED if end.is_answered else end for end in ends)
        servers = tuple(_without_waiting(server, waiting) for server in servers)
        if not waiting:
            processes = tuple(process._replace(links=tuple(map(_unlisted, process.links))) for process in processes)
    if len(processes) > 1 and model.is_symmetric:
        processes = tuple(sorted(processes, key=hash))
    return State(ends, servers, processes)


def _knowing(process: Process, ends: tuple[End, ...]) -> Process:
    for session, end in enumerate(ends):
        if not end.is_committed and not process.cached[session]:
            process = process._replace(cached=replaced(process.cached, session, True))
    return process


def _can_accept(process: Process) -> bool:
    return any(process.cached) or any(process.asks)


def _is_waited_for(model: Model, session: int, end: End) -> bool:
    return model.scenario.origins[session] is not None and not end.is_answered


def _without_waiting(server: Server, waiting: list[int]) -> Server:
    """Nobody waits any more for what a barrier of an answered end asks."""
    heard = tuple(note for note in server.heard if _matters(note, waiting))
    barriers = tuple(session for session in server.barriers if session in waiting)
    server = server._replace(heard=heard, barriers=barriers)
    return server if waiting else server._replace(members=(0,) * len(server.members), newcomer=0)


def _matters(note: Note, waiting: list[int]) -> bool:
    if note.what in {"barrier", "done"}:
        return note.session in waiting
    return bool(waiting) or note.what not in {"member", "gone"}


def _linked(process: Process) -> Process:
    """What comes of an older connection's pings is only waited for longer."""
    present = len(process.links) - 1 if process.phase is not Phase.DOWN else -1
    links = (link if place == present else _old(link) for place, link in enumerate(process.links))
    return process._replace(
        links=tuple(link for place, link in enumerate(links) if place == present or link.granted or link.up)
    )


def _old(link: Link) -> Link:
    if link.ping is Ping.NONE and Message("ping") not in link.up:
        return link
    return link._replace(ping=Ping.NONE, up=tuple(message for message in link.up if message != Message("ping")))


def _unlisted(link: Link) -> Link:
    """The lists are for those who wait."""
    return link._replace(
        granted=0,
        awaited=(),
        up=tuple(message for message in link.up if message.what == "ping"),
        down=tuple(message for message in link.down if message.what != "sync"),
    )
