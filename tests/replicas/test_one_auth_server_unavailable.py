"""One of the two auth servers is unavailable: the backend of the other one serves as before."""

from collections.abc import Iterator

import pytest

from replicas.sites import Sites
from stack.visitors import ApiClient, User
from stack.waiting import eventually

pytestmark = pytest.mark.embedded
SECONDS_TO_RUN_DRY = 30
SECONDS_TO_RECOVER = 30


@pytest.fixture
def broken(sites: Sites) -> Iterator[Sites]:
    yield sites
    if not sites.second_auth_server.is_running():
        sites.second_auth_server.start()


def test_the_backend_of_the_killed_one_does_not_know_and_the_other_goes_on(broken: Sites, user: User) -> None:
    client = ApiClient(broken.first.stack)
    client.sign_up(user).raise_for_status()
    credentials = client.credentials()
    assert broken.statuses(credentials) == [200] * 4

    broken.second_auth_server.kill()

    seen = _until_both_do_not_know(broken, credentials)
    assert 401 not in seen
    assert [response.status for response in broken.first.request(credentials)] == [200] * 2
    codes = [response.body["code"] for response in broken.second.request(credentials)]
    assert codes == ["AUTH_SERVER_UNAVAILABLE"] * 2

    broken.second_auth_server.start()

    eventually(lambda: broken.statuses(credentials) == [200] * 4, SECONDS_TO_RECOVER)
    client.sign_out().raise_for_status()
    assert broken.statuses(credentials) == [401] * 4


def _until_both_do_not_know(sites: Sites, credentials: dict[str, str]) -> set[int]:
    """Every status on the way there."""
    seen: set[int] = set()

    def look() -> bool:
        statuses = [response.status for response in sites.second.request(credentials)]
        seen.update(statuses)
        return statuses == [503] * 2

    eventually(look, SECONDS_TO_RUN_DRY)
    return seen
