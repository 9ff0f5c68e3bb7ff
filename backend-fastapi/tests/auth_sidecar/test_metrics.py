"""What is counted, and how it is written."""

import re

import httpx
import pytest

from auth_sidecar import AuthSidecar, LifespanNotRun
from tests.support.fake_auth_server import FakeAuthServer, FakeUser
from tests.support.timing import warm

LINE = re.compile(r"# TYPE auth_sidecar_[a-z_]+ (?:counter|gauge)|auth_sidecar_[a-z_]+ (?:[0-9.e+-]+|\+Inf)")


async def test_they_are_written_as_prometheus_reads_them(
    auth: AuthSidecar, client: httpx.AsyncClient, auth_server: FakeAuthServer
) -> None:
    before = auth.metrics().to_prometheus()
    await warm(auth, client, auth_server.sign_in(FakeUser()).bearer)
    after = auth.metrics().to_prometheus()

    assert [line for line in (before + after).splitlines() if not LINE.fullmatch(line)] == []
    assert "auth_sidecar_lease_age_seconds +Inf" in before
    assert "# TYPE auth_sidecar_cache_hits_total counter\nauth_sidecar_cache_hits_total 1\n" in after
    assert "# TYPE auth_sidecar_feed_connected gauge\nauth_sidecar_feed_connected 1\n" in after


async def test_there_are_none_before_the_service_runs(auth: AuthSidecar) -> None:
    with pytest.raises(LifespanNotRun):
        auth.metrics()
