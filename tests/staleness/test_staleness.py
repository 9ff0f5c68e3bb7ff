"""No session is accepted after its end, however it ended and whatever is broken at that moment.

After the response to a sign-out: never. After a commit by SQL: for at most a lease.
"""

import asyncio

import pytest

from stack.waiting import LEASE_SECONDS as LONGEST_LEASE_SECONDS
from staleness.auth_server import LEASE_SECONDS
from staleness.faults import FAULTS, MOVED
from staleness.numbers import Numbers
from staleness.progress import Progress
from staleness.run import Scene, run_campaign

REQUESTS_FOR_EACH_READER = 50_000
"""A longer run has more users beside those whose sessions end, as a service has; a short one is all ends."""

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize("fault", FAULTS)
def test_no_ended_session_is_accepted_under(
    fault: str, scene: Scene, runner: asyncio.Runner, rows: list[Numbers], progress: Progress
) -> None:
    crowd = max(1, progress.requests // REQUESTS_FOR_EACH_READER)
    numbers = runner.run(run_campaign(scene, fault, progress.until(progress.requests // len(FAULTS)), crowd))
    rows.append(numbers)

    assert numbers.late_accepts == 0
    assert numbers.longest_staleness_seconds <= (LONGEST_LEASE_SECONDS if fault == MOVED else LEASE_SECONDS)
    assert not numbers.wrong
    assert min(numbers.sign_outs, numbers.sql_ends, numbers.hits) > 0, "nothing was tried"
