"""An empty database of a test's own, with roles of its own: roles belong to the whole server, the stack's too."""

import contextlib
import secrets
from collections.abc import Generator
from urllib.parse import urlsplit

import psycopg

from stack.processes import AUTH_SERVER, Environment, good_auth_environment, run
from stack.target import Stack


@contextlib.contextmanager
def empty_database(stack: Stack) -> Generator[Environment]:
    """Gives an auth server's environment for it, not migrated yet; removes it afterwards."""
    suffix = secrets.token_hex(4)
    server = urlsplit(stack.database_admin_url)
    address = f"{server.hostname}:{server.port}/test_{suffix}"
    environment = {
        **good_auth_environment(),
        "DATABASE_ADMIN_URL": stack.database_admin_url,
        "DATABASE_URL": f"postgres://auth_{suffix}:{secrets.token_hex(16)}@{address}",
        "BACKEND_DATABASE_URL": f"postgres://backend_{suffix}:{secrets.token_hex(16)}@{address}",
        "BACKEND_MIGRATION_DATABASE_URL": f"postgres://backend_owner_{suffix}:{secrets.token_hex(16)}@{address}",
        "BACKEND_DB_ROLE": f"backend_{suffix}",
    }
    done = run((*AUTH_SERVER, "setup-database"), environment)
    assert done.returncode == 0, done.stderr
    try:
        yield environment
    finally:
        with psycopg.connect(stack.database_admin_url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE test_{suffix} WITH (FORCE)".encode())
            admin.execute(f"DROP ROLE auth_{suffix}, backend_{suffix}, backend_owner_{suffix}".encode())
