"""What one auth server acknowledges counts at the next request to any process of any backend."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from replicas.sites import Site, Sites
from stack.target import literal
from stack.visitors import ApiClient, Browser, Person

pytestmark = pytest.mark.embedded
REFUSED_BY_ALL = [401] * 4


@dataclass(frozen=True)
class Scene:
    """A person with two sessions, and an administrator; all of them talk to the site that is to end one session."""

    user: str
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


def _change_the_password(scene: Scene) -> None:
    body = {"currentPassword": scene.password, "newPassword": "another good password", "revokeOtherSessions": True}
    scene.staying.auth("POST", "/change-password", json=body).raise_for_status()


def _as_admin(act: str) -> Callable[[Scene], None]:
    def acknowledge(scene: Scene) -> None:
        scene.admin.auth("POST", f"/admin/{act}", json={"userId": scene.user}).raise_for_status()

    return acknowledge


ENDS = {
    "sign-out": _sign_out,
    "revoke-session": _revoke_it,
    "revoke-other-sessions": _revoke_the_others,
    "revoke-sessions": _revoke_all,
    "change-password": _change_the_password,
    "ban-user": _as_admin("ban-user"),
    "revoke-user-sessions": _as_admin("revoke-user-sessions"),
    "remove-user": _as_admin("remove-user"),
}


@pytest.fixture(params=["first", "second"])
def site(request: pytest.FixtureRequest, sites: Sites) -> Site:
    return getattr(sites, request.param)


@pytest.fixture
def scene(site: Site, person: Person) -> Scene:
    leaving, staying, admin = ApiClient(site.stack), Browser(site.stack), Browser(site.stack)
    user = staying.sign_up(person).json()["user"]["id"]
    leaving.sign_in(person).raise_for_status()
    ruler = admin.sign_up(Person()).json()["user"]["id"]
    site.stack.sql(f"""UPDATE "user" SET role = 'admin' WHERE id = {literal(ruler)}""")
    return Scene(user, leaving, staying, admin, person.password)


@pytest.mark.parametrize("end", ENDS)
def test_a_session_that_is_ended_at_one_auth_server_is_refused_by_every_process_at_once(
    sites: Sites, scene: Scene, end: str
) -> None:
    ended = scene.leaving.credentials()
    assert sites.statuses(ended) == [200] * 4
    assert sites.statuses(ended) == [200] * 4

    ENDS[end](scene)

    assert sites.statuses(ended) == REFUSED_BY_ALL


def test_other_sessions_of_the_same_person_go_on(sites: Sites, scene: Scene) -> None:
    assert sites.statuses(scene.staying.credentials()) == [200] * 4

    _sign_out(scene)

    assert sites.statuses(scene.staying.credentials()) == [200] * 4
