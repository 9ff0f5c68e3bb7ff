"""as_user(), as_nobody() and auth_server_unavailable(): what a test says about the auth server."""

import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from pydantic import JsonValue
from starlette.applications import Starlette

from auth_sidecar.errors import ConnectedServiceError
from auth_sidecar.identity import Identity, Session, User
from auth_sidecar.settings import is_production
from auth_sidecar.testing.signed_in_user import SignedInUser
from auth_sidecar.testing.stand_in import StandIn, put_in, take_out

_SESSION_LENGTH = timedelta(days=7)
_stand_ins: WeakKeyDictionary[Starlette, StandIn] = WeakKeyDictionary()


@contextmanager
def as_user(  # noqa: PLR0913 - all of them are given by name
    app: Starlette,
    *,
    id: str | None = None,  # noqa: A002 - the field's name
    email: str | None = None,
    name: str = "Ada",
    image: str | None = None,
    role: str | None = "user",
    verified: bool = True,
    signed_in_ago: timedelta = timedelta(0),
    second_factor: bool = False,
    fields: Mapping[str, JsonValue] | None = None,
    impersonated_by: str | None = None,
    app_user: object = None,
    connected: Mapping[str, str | ConnectedServiceError] | None = None,
) -> Generator[SignedInUser]:
    """Signs a made-up user in: requests to `app` are this user's, unless they present a credential of their own.

        with as_user(app, verified=False) as ada:
            assert client.post("/orders").status_code == 403

    Works with a lifespan that runs and without one, with any client, in `def` and in `async def` tests and in fixtures.
    No auth server and no network is used. Everything else is as in production: guards, origins of requests by cookie
    (`ada.cookie`), headers of responses. Without the lifespan the only origin is CORS_ORIGIN's default. Of several
    users, the one that was entered last counts; the others act with `headers=ada.bearer`.

    `id` and `email` are new ones by default. `verified`, `signed_in_ago` and `second_factor` are what
    `require(verified=…, fresh=…, second_factor=…)` looks at; `impersonated_by` is an administrator's id.
    `fields` are those of AUTH_USER_FIELDS. `app_user` is
    what `current_app_user` returns; by default the service's own LoadAppUser is called, if the lifespan runs.
    `connected` is what `AuthSidecar.access_token` returns in a request, `{"github": "a-token"}`, or raises:
    `{"github": ConnectionRevoked("github")}`; for any other service NotConnected.
    Raises RuntimeError where APP_ENV is `production`, and pydantic's ValidationError for a user that cannot be.
    """
    new_id = id or uuid.uuid4().hex
    signed_in_at = datetime.now(UTC) - signed_in_ago
    identity = Identity(
        user=User(
            id=new_id,
            email=email or f"{new_id}@example.com",
            email_verified=verified,
            name=name,
            image=image,
            role=role,
            created_at=signed_in_at,
            updated_at=signed_in_at,
            fields=fields or {},
        ),
        session=Session(
            id=uuid.uuid4().hex,
            user_id=new_id,
            created_at=signed_in_at,
            updated_at=signed_in_at,
            expires_at=datetime.now(UTC) + _SESSION_LENGTH,
            refresh_at=None,
            ip_address="127.0.0.1",
            user_agent="a test",
            impersonated_by=impersonated_by,
            second_factor_at=signed_in_at if second_factor else None,
        ),
    )
    with _standing_in(app) as stand_in:
        user = SignedInUser(identity, app_user, connected or {}, stand_in.ends.tell)
        with _last(stand_in, user):
            yield user


@contextmanager
def as_nobody(app: Starlette) -> Generator[None]:
    """Requests to `app` that present no credential are nobody's, within `as_user` too. Needs no lifespan."""
    with _standing_in(app) as stand_in, _last(stand_in, None):
        yield


@contextmanager
def auth_server_unavailable(app: Starlette) -> Generator[None]:
    """An outage: requests that present a credential get a 503, AUTH_SERVER_UNAVAILABLE. At the end it is back.

    No session ends meanwhile, and none is known to be valid: what is cached in production may be used for 50 ms only.
    """
    with _standing_in(app) as stand_in:
        stand_in.outages += 1
        try:
            yield
        finally:
            stand_in.outages -= 1


@contextmanager
def _standing_in(app: Starlette) -> Generator[StandIn]:
    """One for each app, from the first to the last that needs it."""
    if is_production():
        raise RuntimeError("auth_sidecar.testing signs in whoever it is told to: it is not for APP_ENV=production")
    known = _stand_ins.get(app)
    if known is not None:
        yield known
        return
    stand_in = _stand_ins[app] = StandIn()
    put_in(app, stand_in)
    try:
        yield stand_in
    finally:
        take_out(app, stand_in)
        del _stand_ins[app]


@contextmanager
def _last(stand_in: StandIn, user: SignedInUser | None) -> Generator[None]:
    stand_in.users.append(user)
    try:
        yield
    finally:
        last = max(index for index, one in enumerate(stand_in.users) if one is user)
        del stand_in.users[last]
