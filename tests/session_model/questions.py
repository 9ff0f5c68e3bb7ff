"""Requests at a process: the cache, and questions to the auth server that are under way."""

from collections.abc import Iterator

from session_model.model import Model, replaced, with_process
from session_model.service import overtaken
from session_model.world import Ask, Phase, Process, State, Step


def use_entry(model: Model, state: State) -> Iterator[Step]:
    for index, process in enumerate(state.processes):
        for session, is_cached in enumerate(process.cached):
            broken = model.promise(state, session)
            if is_cached and broken and (process.lease or not model.rules.lease_is_needed):
                yield Step(
                    f"a request of session {session} starts at process {index}, which accepts it by its cache",
                    state,
                    broken,
                )


def ask(model: Model, state: State) -> Iterator[Step]:
    for index, session, asked, process in _questions(model, state):
        if asked is None and not state.ends[session].is_committed:
            yield Step(
                f"process {index} asks; session {session} is read as valid",
                _with_ask(state, index, session, process, Ask()),
            )


def ask_again(model: Model, state: State) -> Iterator[Step]:
    for index, session, asked, process in _questions(model, state):
        if asked is None or asked.reads == model.scenario.reads:
            continue
        if not asked.is_overtaken and asked.is_of_this_generation:
            continue
        # After the commit it reads that the session is over.
        again = None if state.ends[session].is_committed else Ask(asked.late, asked.reads + 1)
        yield Step(
            f"process {index} has a response that is out of date, and asks again",
            _with_ask(state, index, session, process, again),
        )


def join(model: Model, state: State) -> Iterator[Step]:
    """A late request waits for the question that is under way; an early one changes nothing."""
    rules = model.rules
    for index, session, asked, process in _questions(model, state):
        broken = model.promise(state, session)
        if asked is None or broken is None or asked.late is broken:
            continue
        if rules.joins_under_lease and not process.lease:
            continue
        if (rules.joins_untouched and asked.is_overtaken) or (
            rules.joins_own_generation and not asked.is_of_this_generation
        ):
            continue
        after = _with_ask(state, index, session, process, asked._replace(late=broken))
        yield Step(f"a request of session {session} starts at process {index} and joins the question under way", after)


def respond(model: Model, state: State) -> Iterator[Step]:
    for index, session, asked, process in _questions(model, state):
        if asked is None:
            continue
        is_kept = _is_kept(model, asked, process)
        if not is_kept and asked.is_overtaken and asked.reads < model.scenario.reads:
            continue
        after = _with_ask(state, index, session, process, None)
        if is_kept:
            process = after.processes[index]
            after = with_process(after, index, process._replace(cached=replaced(process.cached, session, True)))
        yield Step(
            f"the response arrives at process {index}, {'and is kept' if is_kept else 'and is not kept'}",
            after,
            asked.late,
        )


def _is_kept(model: Model, asked: Ask, process: Process) -> bool:
    if process.phase is not Phase.LIVE or (asked.is_overtaken and model.rules.keeps_untouched):
        return False
    return asked.is_of_this_generation or not model.rules.keeps_own_generation


def hear_of_another_change(model: Model, state: State) -> Iterator[Step]:
    """It leaves the session valid: a new name, or a flush."""
    for index, session, asked, process in _questions(model, state):
        if process.phase is Phase.LIVE and ((asked and not asked.is_overtaken) or process.cached[session]):
            yield Step(
                f"process {index} hears of another change",
                with_process(state, index, overtaken(model, process, session)),
            )


def _questions(model: Model, state: State) -> Iterator[tuple[int, int, Ask | None, Process]]:
    if model.scenario.sessions_are_known:
        return
    for index, process in enumerate(state.processes):
        for session, asked in enumerate(process.asks):
            yield index, session, asked, process


def _with_ask(state: State, index: int, session: int, process: Process, asked: Ask | None) -> State:
    return with_process(state, index, process._replace(asks=replaced(process.asks, session, asked)))
