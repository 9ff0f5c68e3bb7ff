"""What an auth server makes of what services send."""

from collections.abc import Iterator

from session_model.model import Model, links_of, with_link
from session_model.servers import settle
from session_model.world import Link, Message, Ping, State, Statement, Status, Step


def receive(model: Model, state: State) -> Iterator[Step]:
    for number, server in enumerate(state.servers):
        if server.status in {Status.UNBORN, Status.DEAD}:
            continue
        for index, position, link in links_of(state, number):
            if not link.up or not link.is_open:
                continue
            message = link.up[0]
            after = with_link(state, index, position, link._replace(up=link.up[1:]))
            after = settle(model, _RECEIVED[message.what](model, after, index, position, message))
            words = f"server {number} receives {message.what} on connection {link.number} of process {index}"
            yield Step(words, after)


def _ping(model: Model, state: State, index: int, position: int, message: Message) -> State:
    link = state.processes[index].links[position]
    if state.servers[link.server].status is not Status.LISTENING:
        return state
    is_under_way = state.servers[link.server].statement is not Statement.NONE
    takes_it = is_under_way and not model.rules.statement_after_ping
    return with_link(state, index, position, link._replace(ping=Ping.ASKED if takes_it else Ping.WAITS))


def _fresh(model: Model, state: State, index: int, position: int, message: Message) -> State:
    """Entries of older connections of this process are over: it dropped its lease before it sent this."""
    own = state.processes[index].links[position]
    for other, place, link in links_of(state, own.server):
        is_same_process = other == index or not model.rules.process_is_one_cache
        is_older = link.number < own.number or (not model.rules.fresh_ends_older_only and link.number != own.number)
        if is_same_process and is_older:
            state = with_link(state, other, place, over(link))
    own = state.processes[index].links[position]
    return with_link(state, index, position, own._replace(is_fresh=True))


def _bye(model: Model, state: State, index: int, position: int, message: Message) -> State:
    own = state.processes[index].links[position]
    for other, place, link in links_of(state, own.server):
        is_own = other == index and (place == position or not model.rules.bye_ends_own_entry_only)
        if is_own:
            link = over(link)
            state = with_link(state, other, place, closed(model, link) if place == position else link)
    return state


def _synced(model: Model, state: State, index: int, position: int, message: Message) -> State:
    server = state.processes[index].links[position].server
    for other, place, link in links_of(state, server):
        is_own = other == index and place == position
        if is_own or (other != index and not model.rules.synced_of_each_process):
            awaited = tuple(session for session in link.awaited if session != message.session)
            state = with_link(state, other, place, link._replace(awaited=awaited))
    return state


_RECEIVED = {"ping": _ping, "fresh": _fresh, "bye": _bye, "synced": _synced}


def over(link: Link) -> Link:
    return link._replace(granted=0, awaited=())


def closed(model: Model, link: Link) -> Link:
    """As the server sees it: it reads and sends nothing any more. What it has sent may still arrive."""
    link = link._replace(is_open=False, ping=Ping.NONE, up=())
    return link if model.rules.entry_outlives_close else over(link)
