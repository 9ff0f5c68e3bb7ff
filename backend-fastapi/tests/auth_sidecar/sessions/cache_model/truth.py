"""The auth server's side of a random history: who is signed in, when that changed, and what a question is told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias, get_args

from auth_sidecar.check_result import CheckResult
from auth_sidecar.clock import Clock
from auth_sidecar.credential import Credential
from auth_sidecar.identity import Identity, Session, User

EPOCH = datetime(2026, 1, 31, 12, tzinfo=UTC)
"""What the auth server's wall clock shows when the lease clock shows 0. Nobody ever sets it."""
SEATS = ("ada", "ada", "bob")
"""Whose browser it is. There is one session in each at a time."""
USERS = tuple(dict.fromkeys(SEATS))
Kind: TypeAlias = Literal["cookie", "bearer"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Change: TypeAlias = Literal["end session", "shorten session", "rename user", "rename all users"]
CHANGES: tuple[Change, ...] = get_args(Change)


@dataclass(slots=True, eq=False)
class Commit:
    """A transaction that the triggers announce. Of neither a session nor a user: anything may have changed."""

    at: float
    """By the lease clock."""
    session_id: str | None = None
    user_id: str | None = None
    is_acknowledged: bool = False
    """Its route has responded."""

    def concerns(self, identity: Identity) -> bool:
        """Whether what was said of this session may be wrong since."""
        is_about_all = self.session_id is None and self.user_id is None
        return is_about_all or self.session_id == identity.session.id or self.user_id == identity.user.id


@dataclass(frozen=True, slots=True)
class Reading:
    """Goes along with a response as its app user: whom it was about, and how many commits it takes account of."""

    credential: Credential
    commits: int


class Truth:
    """Sessions and users as they are now, and every announced commit that made them so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.commits: list[Commit] = []
        self.credentials: dict[Credential, str] = {}
        """All there ever were, with the ids of their sessions."""
        self._users = {user: _new_user(user) for user in USERS}
        self._sessions: dict[str, Session] = {}
        self._seats = ["" for _ in SEATS]

    def sign_in(self, seat: int, expires_in: float, refresh_in: float | None) -> None:
        """Announced to nobody. The session that was there before stands, but its browser is gone."""
        session_id = f"session-{len(self.credentials) // 2}"
        self._seats[seat] = session_id
        self._sessions[session_id] = _new_session(session_id, SEATS[seat])
        self._extend(session_id, expires_in, refresh_in)
        for kind in KINDS:
            self.credentials[self.credential(seat, kind)] = session_id

    def credential(self, seat: int, kind: Kind) -> Credential:
        """One of the two of the session in that seat, whether it has ended or not."""
        return f"{kind} of {self._seats[seat]}".encode()

    def change(self, what: Change, seat: int) -> Commit:
        """Of the session in that seat, of its user, or of so many that "flush" is announced."""
        session_id, user_id = self._seats[seat], SEATS[seat]
        match what:
            case "end session":
                self._sessions.pop(session_id, None)
                return self._commit(session_id=session_id)
            case "shorten session":
                self._shorten(session_id)
                return self._commit(session_id=session_id)
            case "rename user":
                self._rename(user_id)
                return self._commit(user_id=user_id)
            case "rename all users":
                for each in USERS:
                    self._rename(each)
                return self._commit()

    def read(self, credential: Credential) -> CheckResult | None:
        """What the auth server says now. It extends a session that is due, which it announces to nobody."""
        session_id = self.credentials[credential]
        session = self._sessions.get(session_id)
        now = EPOCH + timedelta(seconds=self._clock())
        if session is None or now >= session.expires_at:
            return None
        is_due = session.refresh_at is not None and now >= session.refresh_at
        if is_due:
            self._extend(session_id, 3600, 1800)
        identity = Identity(session=self._sessions[session_id], user=self._users[session.user_id])
        return CheckResult(identity, ("a cookie",) if is_due else (), Reading(credential, len(self.commits)))

    def false_since(self, response: CheckResult) -> float | None:
        """By the lease clock: when what was said ceased to be true. None: it has not."""
        return next((commit.at for commit in self._later(response)), None)

    def is_refuted(self, response: CheckResult) -> bool:
        """Whether what was said has ceased to be true, and somebody was told so."""
        return any(commit.is_acknowledged for commit in self._later(response))

    def _later(self, response: CheckResult) -> list[Commit]:
        later = self.commits[reading_of(response).commits :]
        return [commit for commit in later if commit.concerns(response.identity)]

    def _commit(self, session_id: str | None = None, user_id: str | None = None) -> Commit:
        commit = Commit(self._clock(), session_id, user_id)
        self.commits.append(commit)
        return commit

    def _rename(self, user_id: str) -> None:
        user = self._users[user_id]
        self._users[user_id] = user.model_copy(update={"name": f"{user.name}a"})

    def _shorten(self, session_id: str) -> None:
        session = self._sessions.get(session_id)
        if session is None:
            return
        now = EPOCH + timedelta(seconds=self._clock())
        self._sessions[session_id] = session.model_copy(update={"expires_at": now + (session.expires_at - now) / 2})

    def _extend(self, session_id: str, expires_in: float, refresh_in: float | None) -> None:
        now = EPOCH + timedelta(seconds=self._clock())
        expires_at = now + timedelta(seconds=expires_in)
        refresh_at = None if refresh_in is None else now + timedelta(seconds=refresh_in)
        times = {"updated_at": now, "expires_at": expires_at, "refresh_at": refresh_at}
        self._sessions[session_id] = self._sessions[session_id].model_copy(update=times)


def reading_of(response: CheckResult) -> Reading:
    """How a response of this auth server came about."""
    assert isinstance(response.app_user, Reading)
    return response.app_user


def _new_user(user_id: str) -> User:
    values = {"id": user_id, "email": f"{user_id}@example.com", "email_verified": True, "name": "A", "role": "user"}
    given = {**dict.fromkeys(User.model_fields), "created_at": EPOCH, "updated_at": EPOCH, **values}
    return User.model_validate({**given, "fields": {"plan": "free"}})


def _new_session(session_id: str, user_id: str) -> Session:
    values = {"id": session_id, "user_id": user_id, "created_at": EPOCH, "updated_at": EPOCH, "expires_at": EPOCH}
    return Session.model_validate({**dict.fromkeys(Session.model_fields), **values})
