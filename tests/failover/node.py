"""One machine of a Patroni cluster: Patroni and its PostgreSQL."""

import json
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from failover import folder as folders
from failover.programs import PATRONI, postgres_binaries, unprivileged
from stack.waiting import eventually

PASSWORD = "of-the-throw-away-cluster"
TTL_SECONDS = 20  # Patroni's minimum
_DYNAMIC = {
    "ttl": TTL_SECONDS,
    "loop_wait": 1,
    "retry_timeout": 3,
    "primary_start_timeout": 0,  # a leader that has crashed is replaced, not started again
    "synchronous_mode": True,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {
            "shared_buffers": "16MB",
            "max_connections": 120,
            "fsync": "off",
            "wal_keep_size": "256MB",
            "max_wal_size": "256MB",
            "io_method": "sync",
        },
    },
}


@dataclass(frozen=True)
class Node:
    name: str
    folder: Path
    port: int
    api_port: int
    etcd_port: int

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        configuration = self.folder / "patroni.json"
        configuration.write_text(json.dumps(self._configuration()))
        folders.spawn([*unprivileged(), PATRONI, configuration], self.folder)

    def url(self, database: str = "postgres") -> str:
        """As its superuser."""
        return f"postgres://postgres:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def is_running(self) -> bool:
        return bool(self._patroni())

    def kill(self) -> None:
        """As a machine that loses its power."""
        folders.kill(self.folder)

    def kill_postgres(self) -> None:
        """Patroni lives."""
        folders.kill(self.folder / "data")

    def kill_patroni(self) -> None:
        """PostgreSQL lives, and nobody looks after it."""
        folders.send(self._patroni(), signal.SIGKILL)
        eventually(lambda: not self._patroni(), within_seconds=30)

    def freeze(self) -> None:
        folders.send(folders.processes(self.folder), signal.SIGSTOP)

    def thaw(self) -> None:
        folders.send(folders.processes(self.folder), signal.SIGCONT)

    def withhold_wal(self) -> None:
        """What this leader commits from now on reaches no standby."""
        senders = self.sql("SELECT pid FROM pg_stat_replication")
        folders.send([pid for (pid,) in senders], signal.SIGSTOP)

    def api(self, method: str, path: str, body: object = None) -> httpx.Response:
        return httpx.request(method, f"http://127.0.0.1:{self.api_port}{path}", json=body, timeout=30, trust_env=False)

    def _patroni(self) -> list[int]:
        below = set(folders.processes(self.folder / "data"))
        return [pid for pid in folders.processes(self.folder) if pid not in below]

    def _configuration(self) -> dict[str, object]:
        address = f"127.0.0.1:{self.port}"
        api = f"127.0.0.1:{self.api_port}"
        return {
            "scope": "failover",
            "name": self.name,
            "restapi": {"listen": api, "connect_address": api},
            "etcd3": {"host": f"127.0.0.1:{self.etcd_port}"},
            "bootstrap": {"dcs": _DYNAMIC, "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"]},
            "postgresql": {
                "listen": address,
                "connect_address": address,
                "data_dir": str(self.folder / "data"),
                "bin_dir": postgres_binaries(),
                "pgpass": str(self.folder / "pgpass"),
                "parameters": {"unix_socket_directories": ""},
                "pg_hba": [
                    "host all all 127.0.0.1/32 scram-sha-256",
                    "host replication all 127.0.0.1/32 scram-sha-256",
                ],
                "authentication": {
                    "superuser": {"username": "postgres", "password": PASSWORD},
                    "replication": {"username": "replicator", "password": PASSWORD},
                },
            },
        }
