"""PgBouncer in transaction mode."""

from pathlib import Path

from failover.folder import spawn
from failover.programs import program, unprivileged
from stack.processes import is_listening
from stack.waiting import eventually

_USERS = ("postgres", "auth_server", "backend")
_CONFIGURATION = """[databases]
* = host=127.0.0.1 port={primary}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = 20
server_login_retry = 1
server_connect_timeout = 2
ignore_startup_parameters = extra_float_digits
"""


def start_pooler(folder: Path, port: int, primary: int, password: str) -> None:
    """In front of whatever is at the port `primary`."""
    folder.mkdir()
    users = folder / "users.txt"
    users.write_text("".join(f'"{user}" "{password}"\n' for user in _USERS))
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(_CONFIGURATION.format(primary=primary, port=port, users=users))
    spawn([*unprivileged(), program("pgbouncer"), configuration], folder)
    eventually(lambda: is_listening(port), within_seconds=20)
