"""What a check returns: a user and a session. In JSON, fields are in camelCase, as better-auth writes them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, PlainSerializer
from pydantic.alias_generators import to_camel

# Bounds that no real row of the auth server's reaches, and no character that PostgreSQL or a log cannot hold. They are
# wider than what a sign-up may write: rows from older systems have tabs and line ends in names.
Id = Annotated[str, Field(pattern=r"^[^\s\p{Cc}\p{Cf}]{1,255}$")]
_Email = Annotated[str, Field(pattern=r"^[^\s\p{Cc}]{1,320}$")]
_Line = Annotated[str, Field(max_length=1024, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
_Text = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]


def _read_only(fields: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """A check is cached, and all requests share it."""
    return MappingProxyType(dict(fields))


def _no_fields() -> Mapping[str, JsonValue]:
    return MappingProxyType({})


Fields: TypeAlias = Annotated[Mapping[str, JsonValue], AfterValidator(_read_only), PlainSerializer(dict)]
# Left out of repr(), so that a logged object carries no personal data.
Personal = Field(repr=False)


# auth-server/src/old-tokens/old-tokens.ts.
_NO_SESSION = "old-token-"


class _Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True, strict=True, alias_generator=to_camel, validate_by_name=True, hide_input_in_errors=True
    )


class User(_Frozen):
    """A row of better-auth's table `"user"`, as of this request."""

    id: Id
    """better-auth's id, up to 36 characters by default; `app_users.user_id` holds it."""
    email: Annotated[_Email, Personal]
    """In lower case, as better-auth stores it. Whether it is theirs is another question: see `email_verified`."""
    email_verified: bool
    name: Annotated[_Line, Personal]
    """As typed by the user: escape it wherever it is shown."""
    image: Annotated[_Text | None, Personal]
    """A URL typed by the user or sent by a provider: never fetch it on a server."""
    role: _Line | None
    """`"user"` or `"admin"`; a comma separates several."""
    created_at: AwareDatetime
    updated_at: AwareDatetime
    fields: Fields = Field(default_factory=_no_fields, repr=False)
    """Those of `AUTH_USER_FIELDS` that services see, by name: read-only. A date is a string in ISO 8601."""


class Session(_Frozen):
    """The sign-in behind the request. It never holds the token."""

    id: Id
    user_id: Id
    created_at: AwareDatetime
    """When the user signed in. For what should ask for a fresh sign-in, see `require(fresh=...)`."""
    updated_at: AwareDatetime
    expires_at: AwareDatetime
    """When the session ends unless it is used; sliding, 7 days ahead by default."""
    refresh_at: AwareDatetime | None
    """From when on the auth server extends the session at the next check; None: it never does."""
    ip_address: Annotated[_Line | None, Personal]
    user_agent: Annotated[_Text | None, Personal]
    """Both as of the sign-in, not of this request."""
    impersonated_by: Id | None
    """The administrator who acts as this user; None: the user is who signed in."""
    second_factor_at: AwareDatetime | None
    """When this session passed a second factor, or a passkey with user verification. None: it has not."""

    @property
    def is_old_token(self) -> bool:
        """There is no session: the request brought a token of the system that the auth server takes the place of.

        Then `created_at` is when the token was issued, as far as it says, and `expires_at` when it counts no more.
        """
        return self.id.startswith(_NO_SESSION)

    @property
    def authenticated_at(self) -> datetime:
        """When the user last showed who they are. Today that is the sign-in: nothing repeats it within a session."""
        return self.created_at


class Identity(_Frozen):
    """Who is behind a request: a user, and the session that proves it."""

    session: Session
    user: User
