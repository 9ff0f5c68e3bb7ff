"""Two auth servers and two backends as in production, on a database of the cluster."""

import contextlib
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from failover.addresses import ORIGIN, SECRETS, reached_at
from failover.balancer import ServicePorts
from failover.node import PASSWORD, Node
from stack.processes import AUTH_SERVER, BACKEND, Environment, run
from stack.replica import Replica
from stack.target import Stack

DATABASE = "auth_sidecar"
# So many requests that one test makes are many users' in production.
_NO_LIMITS = {
    "RATE_LIMIT_SIGN_IN": "100000/10",
    "RATE_LIMIT_DEFAULT": "100000/10",
    "RATE_LIMIT_ACCOUNT": "100000/900",
    "BREACHED_PASSWORDS": "off",
}


@dataclass(frozen=True)
class DatabaseAddress:
    """`pool` is where both services' pools connect, `direct` where the auth server listens and locks."""

    pool: int
    direct: int
    has_pooler: bool = False


@dataclass(frozen=True)
class Services:
    auth_servers: tuple[Replica, Replica]
    backends: tuple[Replica, Replica]
    sites: tuple[Stack, Stack]
    """Their addresses: of an auth server and a backend that uses it."""

    @contextlib.contextmanager
    def running(self) -> Generator[None]:
        """Ready when this begins."""
        with contextlib.ExitStack() as started:
            for pair in (self.auth_servers, self.backends):
                for replica in pair:
                    started.callback(replica.stop)
                with ThreadPoolExecutor(2) as pool:
                    list(pool.map(Replica.start, pair))
            yield


def services(
    ports: ServicePorts, database: DatabaseAddress, logs: Path, *, balanced: bool = False, **more: str
) -> Services:
    """`balanced`: they and their clients reach each other through HAProxy, else directly. `more`: further variables."""
    auth_servers, backends, sites = zip(
        *(_site(ports, which, database, logs, balanced=balanced, more=more) for which in (0, 1)), strict=True
    )
    return Services(auth_servers, backends, sites)


def _site(  # noqa: PLR0913 - what `services` was given
    ports: ServicePorts, which: int, database: DatabaseAddress, logs: Path, *, balanced: bool, more: Environment
) -> tuple[Replica, Replica, Stack]:
    auth, internal, api = ports.auth[which], ports.internal[which], ports.api[which]
    seen_auth, seen_internal, seen_api = (
        (ports.balanced_auth, ports.balanced_internal, ports.balanced_api) if balanced else (auth, internal, api)
    )
    auth_environment = {
        **_auth_environment(database.pool, database.direct),
        "AUTH_PORT": str(auth),
        "AUTH_INTERNAL_PORT": str(internal),
        "DATABASE_POOLER": "transaction" if database.has_pooler else "none",
        **more,
    }
    backend_environment = {
        **_backend_environment(database.pool),
        "AUTH_SERVER_URL": f"http://127.0.0.1:{seen_internal}",
        "BACKEND_PORT": str(api),
        "SIDECAR_TIMEOUT_SECONDS": "5",  # a check that is slow on a busy machine is no failover
        "DATABASE_POOLER": "transaction" if database.has_pooler else "none",
        **more,
    }
    stack = reached_at(*(f"http://127.0.0.1:{port}" for port in (seen_auth, seen_internal, seen_api)))
    return (
        Replica(AUTH_SERVER, auth_environment, auth, logs / f"auth-server-{which}.log"),
        Replica(BACKEND, backend_environment, api, logs / f"backend-{which}.log"),
        stack,
    )


def set_up_database(node: Node) -> None:
    """Roles, database and tables, on the primary itself."""
    owner = {"BACKEND_MIGRATION_DATABASE_URL": database_url("backend_owner", node.port)}
    auth = {
        **_auth_environment(node.port, node.port),
        **_backend_environment(node.port),
        **owner,
        "DATABASE_ADMIN_URL": node.url(),
        "DATABASE_POOLER": "transaction",  # pins in the roles what a pooler would not pass on
        "AUTH_PORT": "4000",
        "AUTH_INTERNAL_PORT": "4001",
    }
    backend = {**_backend_environment(node.port), **owner, "AUTH_SERVER_URL": "http://127.0.0.1:4001"}
    for command, environment in (
        ((*AUTH_SERVER, "setup-database"), auth),
        ((*AUTH_SERVER, "migrate"), auth),
        ((sys.executable, "-m", "app.migrate"), backend),
    ):
        done = run(command, environment)
        assert done.returncode == 0, done.stdout + done.stderr


def database_url(role: str, port: int) -> str:
    return f"postgres://{role}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}"


def _auth_environment(pool: int, direct: int) -> Environment:
    return {
        "NODE_ENV": "production",
        "PUBLIC_URL": ORIGIN,
        "REQUIRE_EMAIL_VERIFICATION": "false",
        "DATABASE_URL": database_url("auth_server", pool),
        "DATABASE_URL_DIRECT": database_url("auth_server", direct),
        "CLIENT_IP_HEADER": "x-real-ip",
        **SECRETS,
        **_NO_LIMITS,
    }


def _backend_environment(pool: int) -> Environment:
    return {
        "APP_ENV": "production",
        "CORS_ORIGIN": ORIGIN,
        "BACKEND_DATABASE_URL": database_url("backend", pool),
        "INTERNAL_TOKEN": SECRETS["INTERNAL_TOKEN"],
    }
