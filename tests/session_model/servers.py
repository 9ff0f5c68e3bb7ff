"""What an auth server does with its LISTEN connection: barriers, members, pongs."""

from collections.abc import Iterator

from session_model.model import Model, links_of, notified, with_end, with_link, with_server
from session_model.world import Link, Message, Note, Ping, State, Statement, Status, Step


def send_statement(model: Model, state: State) -> Iterator[Step]:
    """One at a time, for all pings that have come before it."""
    for number, server in enumerate(state.servers):
        if server.status is not Status.LISTENING or server.statement is not Statement.NONE:
            continue
        waiting = [item for item in links_of(state, number) if item[2].ping is Ping.WAITS]
        if not waiting:
            continue
        after = with_server(state, number, server._replace(statement=Statement.SENT))
        for index, position, link in waiting:
            after = with_link(after, index, position, link._replace(ping=Ping.ASKED))
        yield Step(f"server {number} sends the statement for its pings", after)


def hear(model: Model, state: State) -> Iterator[Step]:
    for number, server in enumerate(state.servers):
        if server.status is not Status.LISTENING or not server.heard:
            continue
        note = server.heard[0]
        after = with_server(state, number, server._replace(heard=server.heard[1:]))
        yield Step(f"server {number} hears {_told(note)}", _HEARD[note.what](model, after, number, note))


def _told(note: Note) -> str:
    return {
        "revoke": f"the revocation of session {note.session} and passes it on",
        "barrier": f"the barrier of session {note.session} and sends sync",
        "member": f"that server {note.server} is a member",
        "gone": f"that server {note.server} has stopped",
        "done": f"that server {note.server} is done with session {note.session}",
        "reply": "the reply to its statement and sends the pongs",
    }[note.what]


def _revoke(model: Model, state: State, number: int, note: Note) -> State:
    return _sent_to_all(state, number, Message("revoke", note.session))


def _sent_to_all(state: State, number: int, message: Message) -> State:
    for index, position, link in links_of(state, number):
        state = with_link(state, index, position, sent(link, message))
    return state


def sent(link: Link, message: Message) -> Link:
    return link if link.is_cut or not link.is_open else link._replace(down=(*link.down, message))


def _barrier(model: Model, state: State, number: int, note: Note) -> State:
    if number in model.scenario.first_version_servers:
        return state
    for index, position, link in links_of(state, number):
        if link.granted:
            link = link._replace(awaited=(*link.awaited, note.session))
            state = with_link(state, index, position, _synced(model, link, Message("sync", note.session)))
    server = state.servers[number]
    state = with_server(state, number, server._replace(barriers=(*server.barriers, note.session)))
    if note.server == number:
        state = _decide(model, state, number, note.session)
    return settle(model, state)


def _synced(model: Model, link: Link, sync: Message) -> Link:
    if not link.is_fresh:
        return link
    if model.rules.sync_after_revocation or link.is_cut or not link.is_open:
        return sent(link, sync)
    return link._replace(down=(sync, *link.down))


def _decide(model: Model, state: State, number: int, session: int) -> State:
    """The origin has heard its own barrier, and with it each sign of life from before."""
    rules, server, end = model.rules, state.servers[number], state.ends[session]
    members = [other for other, left in enumerate(server.members) if left and _counts(model, state, other)]
    waits_for = {*(members if rules.waits_for_members else ()), *([number] if rules.waits_for_itself else ())}
    if not rules.decided_when_heard:
        waits_for = set(end.waits_for)
    leases = (
        [model.scenario.leases[other] for other in (number, *members)]
        if rules.waits_for_longest_lease
        else [model.scenario.leases[number]]
    )
    is_held_by_time = model.scenario.first_version_servers and rules.held_by_time_beside_first_version
    is_decided = not server.newcomer and not is_held_by_time
    by_time = max(leases) if not server.newcomer else 0
    return with_end(
        state, session, end._replace(is_decided=is_decided, waits_for=tuple(sorted(waits_for)), by_time=by_time)
    )


def _counts(model: Model, state: State, member: int) -> bool:
    """In a mutant: whose connection is gone is no member."""
    return model.rules.missing_connection_is_member or state.servers[member].status is Status.LISTENING


def _member(model: Model, state: State, number: int, note: Note) -> State:
    server = state.servers[number]
    left = model.scenario.leases[note.server] + (1 if model.rules.member_has_margin else 0)
    members = tuple(left if other == note.server else old for other, old in enumerate(server.members))
    return with_server(state, number, server._replace(members=members))


def _gone(model: Model, state: State, number: int, note: Note) -> State:
    return forgotten(model, state, number, note.server)


def forgotten(model: Model, state: State, number: int, member: int) -> State:
    server = state.servers[number]
    members = tuple(0 if other == member else left for other, left in enumerate(server.members))
    return let_go(model, with_server(state, number, server._replace(members=members)), number, member)


def let_go(model: Model, state: State, number: int, member: int) -> State:
    for session, end in enumerate(state.ends):
        if model.scenario.origins[session] == number and end.is_decided and member in end.waits_for:
            waits_for = tuple(other for other in end.waits_for if other != member)
            state = with_end(state, session, end._replace(waits_for=waits_for))
    return state


def _done(model: Model, state: State, number: int, note: Note) -> State:
    for session, end in enumerate(state.ends):
        if model.scenario.origins[session] != number or (session != note.session and model.rules.done_of_own_barrier):
            continue
        waits_for = tuple(other for other in end.waits_for if other != note.server)
        if not model.rules.done_once_for_each:
            waits_for = end.waits_for[1:]
        state = with_end(state, session, end._replace(waits_for=waits_for))
    return state


def _reply(model: Model, state: State, number: int, note: Note) -> State:
    state = with_server(state, number, state.servers[number]._replace(statement=Statement.NONE))
    for index, position, link in links_of(state, number):
        if link.ping is Ping.ASKED and link.is_open:
            state = with_link(state, index, position, _ponged(model, link))
    return state


def _ponged(model: Model, link: Link) -> Link:
    if not model.rules.entry_before_pong:
        return sent(link, Message("pong"))._replace(ping=Ping.UNLISTED)
    return sent(listed(model, link), Message("pong"))


def listed(model: Model, link: Link) -> Link:
    if link.server in model.scenario.first_version_servers or not (link.is_fresh or model.rules.lists_first_version):
        return link._replace(ping=Ping.NONE)
    left = model.fresh_or_short(link.server, is_full=link.is_fresh) + (1 if model.rules.entry_has_margin else 0)
    return link._replace(ping=Ping.NONE, granted=max(link.granted, left))


def write_late_entry(model: Model, state: State) -> Iterator[Step]:
    """In a mutant: after the pong."""
    if model.rules.entry_before_pong:
        return
    for number in range(len(state.servers)):
        for index, position, link in links_of(state, number):
            if link.ping is Ping.UNLISTED:
                yield Step(f"server {number} writes the entry", with_link(state, index, position, listed(model, link)))


_HEARD = {"revoke": _revoke, "barrier": _barrier, "member": _member, "gone": _gone, "done": _done, "reply": _reply}


def settle(model: Model, state: State) -> State:
    """A server whose entries of a barrier are all synced or over says so."""
    for number, server in enumerate(state.servers):
        for session in server.barriers:
            if server.status is Status.DEAD or _is_awaited(model, state, number, session):
                continue
            server = server._replace(barriers=tuple(other for other in server.barriers if other != session))
            state = with_server(state, number, server)
            origin = model.scenario.origins[session]
            state = notified(state, Note("done", session, number), only=origin)
            server = state.servers[number]
    return state


def _is_awaited(model: Model, state: State, number: int, session: int) -> bool:
    if not model.rules.done_after_synced:
        return False
    return any(
        link.granted and session in link.awaited and (link.is_open or model.rules.closed_is_over_by_time)
        for _, _, link in links_of(state, number)
    )


def answer(model: Model, state: State) -> Iterator[Step]:
    for session, end in enumerate(state.ends):
        origin = model.scenario.origins[session]
        if origin is None or end.is_answered or not end.is_committed:
            continue
        after = with_end(state, session, end._replace(is_answered=True))
        if not model.rules.waits_for_done or (end.is_decided and not end.waits_for):
            yield Step(f"the end of session {session} is answered: all have acknowledged", after)
        elif end.since > (end.by_time or _unheard(model, origin)):
            yield Step(f"the end of session {session} is answered by time", after)


def _unheard(model: Model, origin: int) -> int:
    """The wait of an origin that does not know who the members are."""
    if origin in model.scenario.first_version_servers:
        return model.scenario.leases[origin]
    return model.scenario.max_lease if model.rules.longest_until_barrier_heard else model.scenario.leases[origin]
