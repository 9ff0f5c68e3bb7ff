"""Who is behind a credential: from the cache where the lease allows it, else from the auth server, asked once."""

import asyncio
import logging
from dataclasses import dataclass
from typing import NamedTuple

from auth_sidecar.auth_server.client import AuthServerClient
from auth_sidecar.check_result import Answer, AskingFailed, LoadAppUser
from auth_sidecar.credential import Credential, digest_of, is_bearer
from auth_sidecar.errors import AuthError, AuthServerUnavailable, Unauthenticated, UserUnknown
from auth_sidecar.identity import User
from auth_sidecar.sessions.cache import Mark, SessionCache

MOST_ASKS = 3
"""For one question: an answer that a revocation overtook is not used, but asked for again. A user who is changed all
the time must not be shut out for it, so the last one is given, and not kept."""

_log = logging.getLogger("auth_sidecar")


class _Wanted(NamedTuple):
    """What one request wants to know."""

    key: bytes
    credential: Credential
    request_id: str | None
    may_refresh: bool


@dataclass(slots=True, eq=False)
class _Question:
    """Under way to the auth server. Requests with the same credential may share its answer."""

    task: asyncio.Task[Answer]
    mark: Mark
    waiting: int = 0
    """Requests. Without any left, it is given up."""


class Sessions:
    """An IdentitySource with a cache in front of the auth server."""

    def __init__(
        self,
        client: AuthServerClient,
        cache: SessionCache,
        *,
        load_app_user: LoadAppUser | None = None,
        stale_grace_seconds: float = 0,
    ) -> None:
        self._client = client
        self._cache = cache
        self._load_app_user = load_app_user
        self._grace_seconds = stale_grace_seconds
        self._questions: dict[bytes, _Question] = {}
        self._is_serving_stale = False
        self._has_noted_unknown_user = False
        self.stale_answers = 0

    def recall(self, credential: Credential) -> Answer | None:
        """See IdentitySource."""
        entry = self._cache.find(digest_of(credential))
        return None if entry is None else entry.answer

    def holds(self, credential: Credential) -> bool:
        """Whether the next request of this credential would find its answer."""
        return self._cache.holds(digest_of(credential))

    async def identify(
        self, credential: Credential, request_id: str | None, *, is_safe: bool, may_refresh: bool = True
    ) -> Answer:
        """See IdentitySource. Asks without looking into the cache: `recall` comes first.

        `may_refresh`: whether the auth server may extend a session that is due. Not without a browser to tell of it;
        the answer is as due as the session then, so the next request that may asks again.
        """
        wanted = _Wanted(digest_of(credential), credential, request_id, may_refresh)
        try:
            answer = await self._ask_together(wanted)
        except (AuthServerUnavailable, AskingFailed) as error:
            stale = self._find_stale_for(error, wanted.key) if is_safe else None
            if stale is None:
                raise
            return stale
        self._is_serving_stale = False
        return answer

    async def close(self) -> None:
        """Gives up what is under way."""
        tasks = [question.task for question in self._questions.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_together(self, wanted: _Wanted) -> Answer:
        question = self._questions.get(wanted.key)
        # An answer that is there already may be out of date: what was heard since is no longer in its mark.
        if question is None or question.task.done() or not self._cache.may_join(question.mark):
            question = self._begin(wanted)
        question.waiting += 1
        try:
            # Shielded: a request that is given up must not take the answer away from the others.
            return await asyncio.shield(question.task)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise AuthServerUnavailable("the service stops") from None
        finally:
            question.waiting -= 1
            if not question.waiting:
                self._give_up(wanted.key, question)

    def _begin(self, wanted: _Wanted) -> _Question:
        mark = self._cache.begin()
        task = asyncio.create_task(self._ask(wanted, mark))
        question = self._questions[wanted.key] = _Question(task, mark)

        def end(task: asyncio.Task[Answer]) -> None:
            self._cache.end(mark)
            if not task.cancelled():
                task.exception()  # asyncio wants it read, though nobody may be left who asked

        task.add_done_callback(end)
        return question

    def _give_up(self, key: bytes, question: _Question) -> None:
        """At once, so that nobody joins it any more; where it is answered already, it is only forgotten."""
        question.task.cancel()
        if self._questions.get(key) is question:
            del self._questions[key]

    async def _ask(self, wanted: _Wanted, mark: Mark) -> Answer:
        try:
            answer = await self._ask_until_known(wanted, mark)
        except Unauthenticated:
            # Believed from now on, also where the auth server cannot be asked the next time.
            self._cache.forget(wanted.key)
            raise
        self._cache.keep(wanted.key, answer, mark)
        return answer

    async def _ask_until_known(self, wanted: _Wanted, mark: Mark) -> Answer:
        """A user whom only the auth server knows may have been deleted since it answered: it is asked once more."""
        try:
            return await self._ask_until_undisturbed(wanted, mark)
        except AskingFailed as failed:
            if not isinstance(failed.error, UserUnknown):
                raise
            cookies = failed.renewed_cookies
        self._cache.restart(mark)
        try:
            return await self._ask_until_undisturbed(wanted, mark, cookies)
        except AskingFailed as failed:
            if isinstance(failed.error, UserUnknown):
                self._note_unknown_user()
            raise

    async def _ask_until_undisturbed(self, wanted: _Wanted, mark: Mark, cookies: tuple[str, ...] = ()) -> Answer:
        clock = asyncio.get_running_loop().time
        deadline = self._client.new_deadline()
        asks = 0
        while True:
            answer = await self._ask_once(wanted, deadline, cookies)
            cookies += answer.renewed_cookies
            answered_at = clock()
            answer = answer._replace(app_user=await self._load(answer.identity.user, cookies))
            deadline += clock() - answered_at  # the loader has deadlines of its own
            asks += 1
            if not mark.is_overtaken(answer) or asks == MOST_ASKS:
                return answer._replace(renewed_cookies=cookies)
            self._cache.restart(mark)

    def _note_unknown_user(self) -> None:
        """Once: with two databases it would be every request."""
        if not self._has_noted_unknown_user:
            _log.warning("the auth server knows a user whom the service's database does not: do both use one database?")
        self._has_noted_unknown_user = True

    async def _ask_once(self, wanted: _Wanted, deadline: float, cookies: tuple[str, ...]) -> Answer:
        """An outage loses no `cookies`, which were renewed by the same question before."""
        try:
            answer = await self._client.identify(
                wanted.credential, wanted.request_id, deadline, may_refresh=wanted.may_refresh
            )
        except AuthServerUnavailable as error:
            if not cookies:
                raise
            raise AskingFailed(error, cookies) from error
        # Whoever sends a bearer holds no cookie of this session, and must not be given one.
        return answer.without_cookies() if is_bearer(wanted.credential) else answer

    async def _load(self, user: User, cookies: tuple[str, ...]) -> object:
        if self._load_app_user is None:
            return None
        try:
            return await self._load_app_user(user)
        except UserUnknown as error:
            raise AskingFailed(error, cookies) from error
        except AuthError:
            raise
        except Exception as error:
            raise AskingFailed(error, cookies) from error

    def _find_stale_for(self, error: AuthServerUnavailable | AskingFailed, key: bytes) -> Answer | None:
        """With the cookies that were renewed before the auth server went away. Of the service's own errors, none."""
        if isinstance(error, AuthServerUnavailable):
            return self._find_stale(key)
        stale = self._find_stale(key) if isinstance(error.error, AuthServerUnavailable) else None
        return None if stale is None else stale._replace(renewed_cookies=error.renewed_cookies)

    def _find_stale(self, key: bytes) -> Answer | None:
        entry = self._cache.find_stale(key, self._grace_seconds) if self._grace_seconds else None
        if entry is None:
            return None
        self.stale_answers += 1
        if not self._is_serving_stale:
            _log.warning(
                "safe requests get answers of up to %g s ago: the auth server cannot be asked", self._grace_seconds
            )
        self._is_serving_stale = True
        return entry.answer
