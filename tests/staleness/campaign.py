"""Readers send requests without a pause while sessions end and something breaks, again and again."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from staleness.auth_server import LEASE_SECONDS
from staleness.connection import Connection
from staleness.ends import IN_TURN, Authority, End
from staleness.faults import FAULTS, Machinery
from staleness.numbers import Numbers
from staleness.quiet_reader import SECONDS_BETWEEN_REQUESTS, QuietReader
from staleness.sessions import Session, Supply

SECONDS_BEFORE_THE_END = 0.02
SECONDS_AFTER_A_SIGN_OUT = 0.12
SECONDS_AFTER_AN_END_BY_SQL = LEASE_SECONDS + 0.05
"""Longer than what is allowed: a lease that is used beyond its end must be seen."""
SECONDS_BETWEEN_FAULTS = 0.5
SECONDS_TO_RECOVER = 30
SECONDS_BETWEEN_LOOKS = 0.02
REMEMBERED = 40

Across = Sequence[Connection]
"""One connection to each process of the service."""


@dataclass
class Campaign:
    numbers: Numbers
    stop: Callable[[Numbers], bool]
    """Called now and then. What is under way is finished before the campaign is over."""
    supply: Supply
    machinery: Machinery
    authorities: Sequence[Authority]
    """So many sessions end at once, each in front of `readers` of its own."""
    quiet: QuietReader
    readers: Sequence[Across]
    onlookers: Across
    probes: Across
    live: Sequence[Session]
    """Never ended."""
    feeds: int
    """So many processes of the service subscribe, as long as nothing is broken."""
    crowd: int
    """So many requests of sessions that live to one of a session that ended."""
    remembered: deque[Session] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    """Ended a short while ago, and still requested: one that comes back to life is found, too."""

    async def run(self) -> None:
        """Raises what goes wrong in an ExceptionGroup; wrong responses are counted in `numbers`."""
        ends = cycle(IN_TURN)
        async with asyncio.TaskGroup() as group:
            for across, authority in zip(self.readers, self.authorities, strict=True):
                group.create_task(self._end_sessions(across, authority, ends))
            for connection in self.onlookers:
                group.create_task(self._read_others(connection))
            group.create_task(self._read_quietly())
            group.create_task(self._break_and_recover())

    @property
    def _is_over(self) -> bool:
        return self.stop(self.numbers)

    async def _end_sessions(self, across: Across, authority: Authority, ends: "cycle[End]") -> None:
        while not self._is_over:
            session = await self.supply.take()
            for _ in range(random.randint(2, 4)):
                await asyncio.gather(*(self._send(connection, session) for connection in across))
            async with asyncio.TaskGroup() as burst:
                for connection in across:
                    burst.create_task(self._read_until_refused(connection, session))
                await asyncio.sleep(random.uniform(0, SECONDS_BEFORE_THE_END))
                self.machinery.is_ending.set()
                await next(ends)(authority, session)
            self.numbers.note_end(session)
            self.remembered.append(session)

    async def _read_until_refused(self, connection: Connection, session: Session) -> None:
        while session.ended is None or time.monotonic() < session.ended + _seconds_after_the_end(session):
            await self._send(connection, session)

    async def _read_others(self, connection: Connection) -> None:
        while not self._is_over:
            for _ in range(self.crowd):
                await self._send(connection, random.choice(self.live))
            if self.remembered:
                await self._send(connection, random.choice(self.remembered))

    async def _read_quietly(self) -> None:
        while not self._is_over:
            session = await self.supply.take()
            await self.quiet.send(session, self.numbers.note)
            await asyncio.sleep(SECONDS_BETWEEN_REQUESTS)
            await self.quiet.end(session, self.numbers.note)
            self.numbers.note_end(session)

    async def _break_and_recover(self) -> None:
        while not self._is_over:
            await FAULTS[self.numbers.fault](self.machinery)
            await asyncio.gather(*(self._until_recovered(connection) for connection in self.probes))
            await asyncio.sleep(random.uniform(0, SECONDS_BETWEEN_FAULTS))

    async def _until_recovered(self, connection: Connection) -> None:
        """Until it accepts who is signed in, and is subscribed to the feed again."""
        deadline = time.monotonic() + SECONDS_TO_RECOVER
        while (status := await self._send(connection, random.choice(self.live))) != 200 or not self._is_subscribed:
            assert time.monotonic() < deadline, (
                f"still {status}, subscribed: {self._is_subscribed}, after {SECONDS_TO_RECOVER} s"
            )

    @property
    def _is_subscribed(self) -> bool:
        return self.machinery.proxy.feeds >= self.feeds

    async def _send(self, connection: Connection, session: Session) -> int:
        response = await connection.send(session.request)
        self.numbers.note(session, response)
        if response.status == 503:  # it costs nothing to say so, and almost all requests of a run would be that
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        return response.status


def _seconds_after_the_end(session: Session) -> float:
    return SECONDS_AFTER_A_SIGN_OUT if session.is_signed_out else SECONDS_AFTER_AN_END_BY_SQL
