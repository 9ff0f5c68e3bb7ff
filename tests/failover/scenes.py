"""A scene: services on an address of the cluster, users who come and go, and a fault that the test makes meanwhile."""

import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from failover.balancer import ServicePorts
from failover.cluster import Cluster
from failover.oracle.oracle import Oracle
from failover.services import DATABASE, DatabaseAddress, Services, services


@dataclass(frozen=True)
class Scenes:
    cluster: Cluster
    ports: ServicePorts
    logs: Path

    @contextlib.contextmanager
    def on(self, database: DatabaseAddress) -> Generator[Oracle]:
        """Each backend asks an auth server of its own. Afterwards nothing that was acknowledged is missing."""
        with self.watched(services(self.ports, database, self.logs)) as oracle:
            yield oracle

    @contextlib.contextmanager
    def watched(self, running: Services) -> Generator[Oracle]:
        with running.running():
            oracle = Oracle(running.sites, self._promote)
            with oracle.watching():
                yield oracle
        oracle.assert_nothing_is_wrong()
        missing = self._missing(oracle)
        assert missing == [], missing

    def _promote(self, user_id: str) -> None:
        self.cluster.leader().sql(f"""UPDATE "user" SET role = 'admin' WHERE id = '{user_id}'""", DATABASE)

    def _missing(self, oracle: Oracle) -> list[str]:
        """Accounts and notes that were acknowledged, and are not in the database."""
        leader, people = self.cluster.leader(), oracle.acknowledged()
        users = {user_id for (user_id,) in leader.sql('SELECT id FROM "user"', DATABASE)}
        notes = {note_id for (note_id,) in leader.sql("SELECT id::text FROM app.notes", DATABASE)}
        return [
            *(f"the account {person.user.email}" for person in people if person.id not in users),
            *(f"a note of {person.user.email}" for person in people if not notes.issuperset(person.notes)),
        ]
