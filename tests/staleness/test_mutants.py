"""The staleness test finds mistakes: each of these versions of auth_sidecar is caught."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from staleness.mutants import MUTANTS, Mutant, mutate
from staleness.run import Scene, run_campaign
from staleness.service import running, service_of

MAX_REQUESTS = 60_000


@pytest.mark.embedded
@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_is_caught(name: str, scene: Scene, runner: asyncio.Runner, tmp_path: Path) -> None:
    mutant = MUTANTS[name]
    package = mutate(mutant, tmp_path / "package")
    service = service_of(scene.stack, scene.auth_server, tmp_path / "service.log", PYTHONPATH=f"{package}:.")

    with running(service, runner):
        numbers = runner.run(
            run_campaign(
                replace(scene, backend=service),
                mutant.fault,
                stop=lambda numbers: mutant.is_caught(numbers) or numbers.requests >= MAX_REQUESTS,
            )
        )

    assert mutant.is_caught(numbers), numbers


@pytest.mark.parametrize("before", ["occurs nowhere", "import "])
def test_a_mistake_that_cannot_be_made_is_no_mistake_that_was_caught(before: str, tmp_path: Path) -> None:
    mutant = Mutant("auth_server/client.py", before, "", fault="no fault", is_caught=bool)

    with pytest.raises(AssertionError, match=r"occurs \d+ times in auth_server/client.py"):
        mutate(mutant, tmp_path / "package")
