"""The ways in which a session ends, and what each of them ends."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from stack.visitors import ApiClient, User


@dataclass(frozen=True)
class Cast:
    """A user with two sessions, of which `leaving` is to end, and an administrator."""

    user: User
    user_id: str
    leaving: ApiClient
    staying: ApiClient
    admin: ApiClient


@dataclass(frozen=True)
class End:
    ask: Callable[[Cast], httpx.Response]
    ends_both: bool = False
    replaces_staying: bool = False
    """Its token too is another one afterwards."""
    removes: bool = False


def _sign_out(cast: Cast) -> httpx.Response:
    return cast.leaving.sign_out()


def _revoke(cast: Cast) -> httpx.Response:
    return cast.staying.auth("POST", "/revoke-session", json={"token": cast.leaving.token.partition(".")[0]})


def _change_password(cast: Cast) -> httpx.Response:
    body = {"currentPassword": cast.user.password, "newPassword": "another good password", "revokeOtherSessions": True}
    return cast.staying.auth("POST", "/change-password", json=body)


def _as_admin(act: str) -> Callable[[Cast], httpx.Response]:
    return lambda cast: cast.admin.auth("POST", f"/admin/{act}", json={"userId": cast.user_id})


ENDS = {
    "sign-out": End(_sign_out),
    "change-password": End(_change_password, replaces_staying=True),
    "ban-user": End(_as_admin("ban-user"), ends_both=True),
    "revoke-session": End(_revoke),
    "remove-user": End(_as_admin("remove-user"), ends_both=True, removes=True),
    "revoke-user-sessions": End(_as_admin("revoke-user-sessions"), ends_both=True),
}
