"""What may go wrong: connections, LISTEN, whole servers."""

from collections.abc import Iterator

from session_model.model import Model, links_of, notified, with_end, with_link, with_process, with_server
from session_model.reception import closed, over
from session_model.servers import forgotten, settle
from session_model.service import down
from session_model.world import Note, Phase, Ping, Server, State, Statement, Status, Step


def server_closes(model: Model, state: State) -> Iterator[Step]:
    for number in range(len(state.servers)):
        for index, position, link in links_of(state, number):
            if model.scenario.losses and link.is_open:
                after = settle(model, with_link(state, index, position, closed(model, link)))
                yield Step(f"server {number} holds connection {link.number} of process {index} for closed", after)


def cut(model: Model, state: State) -> Iterator[Step]:
    """Neither side notices."""
    for index, process in enumerate(state.processes):
        if not model.scenario.losses or process.phase is Phase.DOWN or process.links[-1].is_cut:
            continue
        link = process.links[-1]._replace(is_cut=True, up=(), down=())
        yield Step(f"the connection of process {index} is cut", with_link(state, index, len(process.links) - 1, link))


def notice(model: Model, state: State) -> Iterator[Step]:
    for index, process in enumerate(state.processes):
        if model.scenario.losses and process.phase is not Phase.DOWN:
            yield Step(f"process {index} finds that it has no connection", with_process(state, index, down(process)))


def lose_listen(model: Model, state: State) -> Iterator[Step]:
    for number, server in enumerate(state.servers):
        if server.status is not Status.LISTENING or server.losses == model.scenario.losses_of(number):
            continue
        after = with_server(state, number, _deaf(model, server)._replace(losses=server.losses + 1))
        for index, position, link in links_of(after, number):
            if model.rules.deaf_closes_sockets:
                link = closed(model, link)
            if not model.rules.deaf_keeps_list:
                link = over(link)
            after = with_link(after, index, position, link._replace(ping=Ping.NONE))
        for session, end in enumerate(after.ends):
            if model.scenario.origins[session] == number:
                after = with_end(after, session, end._replace(is_decided=False, by_time=0))
        yield Step(f"server {number} loses LISTEN", settle(model, after))


def _deaf(model: Model, server: Server) -> Server:
    members = (0,) * len(server.members) if model.rules.deaf_forgets_members else server.members
    return server._replace(status=Status.DEAF, heard=(), statement=Statement.NONE, members=members)


def listen(model: Model, state: State) -> Iterator[Step]:
    """Its memory of members is worth nothing now, for the longest lease allowed."""
    for number, server in enumerate(state.servers):
        opens_at_once = model.rules.newcomer_waits_from_listen
        if server.status in {Status.UNBORN, Status.DEAF}:
            waits = model.rules.newcomer_waits and model.rules.deaf_forgets_members and number in model.scenario.origins
            newcomer = model.scenario.max_lease + 1 if waits else 0
            status = Status.LISTENING if opens_at_once else Status.OPENING
            after = with_server(state, number, server._replace(status=status, newcomer=newcomer))
            yield Step(f"server {number} {'listens' if opens_at_once else 'sends LISTEN'}", after)
        elif server.status is Status.OPENING:
            yield Step(f"server {number} listens", with_server(state, number, server._replace(status=Status.LISTENING)))


def die(model: Model, state: State) -> Iterator[Step]:
    for number, server in enumerate(state.servers):
        if number not in model.scenario.may_die:
            continue
        if server.status in {Status.DEAF, Status.LISTENING}:
            yield Step(f"server {number} is killed", _dead(model, state, number))
            if not model.rules.stopped_is_member:
                yield Step(
                    f"server {number} stops, and says so",
                    notified(_dead(model, state, number), Note("gone", 0, number)),
                )
        elif server.status is Status.DEAD and not model.rules.new_id_at_start:
            after = with_server(state, number, server._replace(status=Status.LISTENING))
            yield Step(f"server {number} starts again under its old id", after)


def _dead(model: Model, state: State, number: int) -> State:
    state = with_server(state, number, Server(Status.DEAD, members=(0,) * len(state.servers)))
    for index, position, link in links_of(state, number):
        state = with_link(state, index, position, over(closed(model, link)))
    return state


def row_is_deleted(model: Model, state: State) -> Iterator[Step]:
    """In a mutant: members are rows of a table, and somebody deletes one."""
    if model.rules.missing_row_is_member:
        return
    for number, server in enumerate(state.servers):
        for other, left in enumerate(server.members):
            if left:
                yield Step(f"somebody deletes the row of server {other}", forgotten(model, state, number, other))
