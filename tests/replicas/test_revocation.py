"""What one auth server acknowledges counts at the next request to any process of any backend."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from replicas.sites import Site, Sites
from stack.users import add_reset_token, sign_up, sign_up_admin
from stack.visitors import ApiClient, Browser, User

pytestmark = pytest.mark.embedded
REFUSED_BY_ALL = [401] * 4
NAME = User().name


@dataclass(frozen=True)
class Scene:
    """A user with two sessions, and an administrator; all of them use the site that is to end one session."""

    user_id: str
    leaving: ApiClient
    staying: Browser
    admin: Browser
    password: str


def _sign_out(scene: Scene) -> None:
    scene.leaving.sign_out().raise_for_status()


def _revoke_it(scene: Scene) -> None:
    body = {"token": scene.leaving.token.partition(".")[0]}
    scene.staying.auth("POST", "/revoke-session", json=body).raise_for_status()


def _revoke_the_others(scene: Scene) -> None:
    scene.staying.auth("POST", "/revoke-other-sessions", json={}).raise_for_status()


def _revoke_all(scene: Scene) -> None:
    scene.staying.auth("POST", "/revoke-sessions", json={}).raise_for_status()


def _revoke_the_signed_token(scene: Scene) -> None:
    scene.staying.auth("POST", "/revoke-session", json={"token": scene.leaving.token}).raise_for_status()


def _revoke_it_as_admin(scene: Scene) -> None:
    body = {"sessionToken": scene.leaving.token}
    scene.admin.auth("POST", "/admin/revoke-user-session", json=body).raise_for_status()


def _change_the_password(scene: Scene) -> None:
    body = {"currentPassword": scene.password, "newPassword": "another good password"}
    scene.staying.auth("POST", "/change-password", json=body).raise_for_status()


def _reset_the_password(scene: Scene) -> None:
    token = add_reset_token(scene.admin.stack, scene.user_id)
    body = {"newPassword": "another good password", "token": token}
    ApiClient(scene.admin.stack).auth("POST", "/reset-password", json=body).raise_for_status()


def _set_the_password_as_admin(scene: Scene) -> None:
    body = {"userId": scene.user_id, "newPassword": "another good password"}
    scene.admin.auth("POST", "/admin/set-user-password", json=body).raise_for_status()


def _ban_by_update(scene: Scene) -> None:
    body = {"userId": scene.user_id, "data": {"banned": True}}
    scene.admin.auth("POST", "/admin/update-user", json=body).raise_for_status()


def _as_admin(act: str) -> Callable[[Scene], None]:
    def acknowledge(scene: Scene) -> None:
        scene.admin.auth("POST", f"/admin/{act}", json={"userId": scene.user_id}).raise_for_status()

    return acknowledge


# Every row of what docs/session-cache.md guarantees at once.
ENDS = {
    "sign-out": _sign_out,
    "revoke-session": _revoke_it,
    "revoke-session, signed": _revoke_the_signed_token,
    "revoke-other-sessions": _revoke_the_others,
    "revoke-sessions": _revoke_all,
    "change-password": _change_the_password,
    "reset-password": _reset_the_password,
    "revoke-user-session": _revoke_it_as_admin,
    "set-user-password": _set_the_password_as_admin,
    "update-user, banned": _ban_by_update,
    "ban-user": _as_admin("ban-user"),
    "revoke-user-sessions": _as_admin("revoke-user-sessions"),
    "remove-user": _as_admin("remove-user"),
}


@pytest.fixture(params=["first", "second"])
def site(request: pytest.FixtureRequest, sites: Sites) -> Site:
    return getattr(sites, request.param)


@pytest.fixture
def scene(site: Site, user: User) -> Scene:
    leaving, staying, admin = ApiClient(site.stack), Browser(site.stack), Browser(site.stack)
    user_id = sign_up(staying, user)
    leaving.sign_in(user).raise_for_status()
    sign_up_admin(admin)
    return Scene(user_id, leaving, staying, admin, user.password)


@pytest.mark.parametrize("end", ENDS)
def test_a_session_that_is_ended_at_one_auth_server_is_refused_by_every_process_at_once(
    sites: Sites, scene: Scene, end: str
) -> None:
    ended = scene.leaving.credentials()
    assert sites.statuses(ended) == [200] * 4
    assert sites.statuses(ended) == [200] * 4

    ENDS[end](scene)

    assert sites.statuses(ended) == REFUSED_BY_ALL


@pytest.mark.parametrize("act", ["set-role", "update-user"])
def test_a_change_of_the_user_is_seen_by_every_process_at_once_and_ends_nothing(
    sites: Sites, scene: Scene, act: str
) -> None:
    seen = scene.leaving.credentials()
    assert [response.body["name"] for response in sites.request(seen)] == [NAME] * 4
    assert sites.statuses(seen) == [200] * 4

    if act == "set-role":
        scene.admin.auth("POST", "/admin/set-role", json={"userId": scene.user_id, "role": "admin"}).raise_for_status()
        assert scene.leaving.session().json()["user"]["role"] == "admin"
    else:
        body = {"userId": scene.user_id, "data": {"name": "Countess"}}
        scene.admin.auth("POST", "/admin/update-user", json=body).raise_for_status()
        assert [response.body["name"] for response in sites.request(seen)] == ["Countess"] * 4
    assert sites.statuses(seen) == [200] * 4


def test_other_sessions_of_the_same_user_live_on(sites: Sites, scene: Scene) -> None:
    assert sites.statuses(scene.staying.credentials()) == [200] * 4

    _sign_out(scene)

    assert sites.statuses(scene.staying.credentials()) == [200] * 4
