"""Any provider's URL."""

from pathlib import Path

import certifi
import pytest
from pydantic import SecretStr

from app.config import DatabaseSettings
from app.database.engine import connection_arguments
from app.database.url import to_conninfo


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p%40ss@db.example.com:5433/app",
        "postgresql://u:p%40ss@db.example.com:5433/app",
        "postgresql+psycopg://u:p%40ss@db.example.com:5433/app",
        "postgresql+asyncpg://u:p%40ss@db.example.com:5433/app",
        "postgres://u:p%40ss@db.example.com:5433/app?schema=public&connection_limit=1&pgbouncer=true",
    ],
)
def test_the_same_database_in_every_alias(url: str) -> None:
    expected = {"user": "u", "password": "p@ss", "host": "db.example.com", "port": "5433", "dbname": "app"}

    assert to_conninfo(url) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sslmode=require&channel_binding=require", {"sslmode": "require", "channel_binding": "require"}),
        ("sslmode=no-verify", {"sslmode": "require"}),
        ("options=endpoint%3Dep-1", {"options": "endpoint=ep-1"}),
        ("target_session_attrs=read-write", {"target_session_attrs": "read-write"}),
    ],
)
def test_what_providers_add_is_kept(query: str, expected: dict[str, str]) -> None:
    assert to_conninfo(f"postgres://u@h/d?{query}").items() >= expected.items()


def test_several_hosts_are_kept() -> None:
    assert to_conninfo("postgres://u@one:1,two:2/d")["host"] == "one,two"


def test_a_ca_file_means_that_the_server_is_verified(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text(Path(certifi.where()).read_text(encoding="ascii"), encoding="ascii")
    url = SecretStr("postgres://u@h/d?sslmode=require")

    arguments = connection_arguments(DatabaseSettings(backend_database_url=url, database_ca_file=ca_file))

    assert (arguments["sslrootcert"], arguments["sslmode"]) == (str(ca_file), "verify-full")
