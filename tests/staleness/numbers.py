"""What is counted, and what a response means for a session that is alive, ending or over."""

from collections import Counter
from dataclasses import dataclass, field

from staleness.connection import Response
from staleness.sessions import Session

SIGNED_OUT_ALIVE = "401 for a session that was alive before and after"


@dataclass
class Numbers:
    """Of one fault. A late accept is a 200 to a request that began after the end was acknowledged."""

    fault: str
    requests: int = 0
    hits: int = 0
    """Requests that the service served from its cache, by its own metrics."""
    checks: int = 0
    """Session checks that reached the auth server."""
    unavailable: int = 0
    sign_out_seconds: list[float] = field(default_factory=list[float])
    """From the request of each sign-out to its response."""
    late_accepts: int = 0
    """Of sessions that were signed out: none is allowed."""
    sql_ends: int = 0
    longest_staleness_seconds: float = 0
    """From the commit of an end by SQL to the beginning of the last late accept: a lease is allowed."""
    wrong: Counter[str] = field(default_factory=Counter[str])
    """Responses that nobody may ever get."""

    @property
    def sign_outs(self) -> int:
        return len(self.sign_out_seconds)

    def sign_out_within(self, share: float) -> float:
        """So many seconds that this share of the sign-outs took no longer."""
        ordered = sorted(self.sign_out_seconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0

    def note(self, session: Session, response: Response) -> None:
        self.requests += 1
        if response.status == 200:
            self._note_accept(session, response.began)
        elif response.status == 503:
            self.unavailable += 1
        elif response.status != 401:
            self.wrong[f"status {response.status}"] += 1
        elif session.ending is None:
            self.wrong[SIGNED_OUT_ALIVE] += 1

    def note_end(self, session: Session) -> None:
        if session.is_signed_out:
            self.sign_out_seconds.append((session.ended or 0) - (session.ending or 0))
        else:
            self.sql_ends += 1

    def add(self, other: "Numbers") -> None:
        self.requests += other.requests
        self.hits += other.hits
        self.checks += other.checks
        self.unavailable += other.unavailable
        self.sign_out_seconds += other.sign_out_seconds
        self.late_accepts += other.late_accepts
        self.sql_ends += other.sql_ends
        self.longest_staleness_seconds = max(self.longest_staleness_seconds, other.longest_staleness_seconds)
        self.wrong += other.wrong

    def _note_accept(self, session: Session, began: float) -> None:
        if session.ended is None or began <= session.ended:
            return
        if session.is_signed_out:
            self.late_accepts += 1
        else:
            self.longest_staleness_seconds = max(self.longest_staleness_seconds, began - session.ended)
