"""require(): the dependency for a route that wants more than a signed-in user."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import HTTPConnection

from auth_sidecar.identity import Identity
from auth_sidecar.requests.dependencies import identify
from auth_sidecar.requests.schemes import Bearer, Cookie
from auth_sidecar.requirements import FreshSignIn, Requirement, SecondFactor, VerifiedEmail


@dataclass(frozen=True)
class Guard:
    """What `require` returns: a dependency, equal to any other with the same requirements."""

    requirements: tuple[Requirement, ...]

    async def __call__(self, connection: HTTPConnection, _bearer: Bearer = None, _cookie: Cookie = None) -> Identity:
        """Who is behind the request. Raises as current_identity does, and then the refusal of what is not met."""
        return (await identify(connection, self.requirements)).identity


def require(
    *own: Requirement, verified: bool = False, second_factor: bool = False, fresh: timedelta | None = None
) -> Guard:
    """A dependency that refuses with a 403 whoever is signed in but lacks something; its code says what.

        Recent = Annotated[Identity, Depends(require(fresh=timedelta(minutes=10)))]

        @router.delete("/account")
        async def delete_account(identity: Recent): ...

        router = APIRouter(dependencies=[Depends(require(verified=True))])

    `verified`: the e-mail address is verified, or EMAIL_NOT_VERIFIED. `second_factor`: the session has passed one, or
    SECOND_FACTOR_REQUIRED. `fresh`: the user signed in less than this long ago, or SESSION_NOT_FRESH. `own`: see
    Requirement. All of them have to be met. The first that is not is the one that the client is told, in this order:
    own, verified, second_factor, fresh. What cannot be changed comes first, and what expires soonest comes last.

    Who is not signed in gets a 401 as from CurrentUser, and "don't know" stays a 503. Raises ValueError for a `fresh`
    of nothing or less, and TypeError for an own requirement that is not hashable.
    """
    named: list[Requirement] = []
    if verified:
        named.append(VerifiedEmail())
    if second_factor:
        named.append(SecondFactor())
    if fresh is not None:
        named.append(FreshSignIn(fresh))
    guard = Guard((*own, *named))
    hash(guard)  # FastAPI hashes its dependencies, but not before the first request
    return guard
