"""What a process does before it serves: read its configuration, open its port and set up uvicorn."""

import errno
import socket
import sys

import uvicorn
from fastapi import FastAPI

from app.config import Config, ServiceSettings, exit_when_misconfigured, read_config
from app.database.migrations import migration_errors
from app.server.log import configure_logging
from app.server.protocol import BoundedProtocol
from app.server.workers import HANG_SECONDS
from auth_sidecar import ConfigurationError

GRACE_SECONDS = 10
BACKLOG = 2048
# Longer than the 60 s of common proxies: when we close first, a request can meet a closed connection (502).
KEEP_ALIVE_SECONDS = 75


def load_config() -> Config:
    """The configuration, with logging set up by it. On errors the process lists all of them and exits with 78."""
    with exit_when_misconfigured():
        config = read_config(migration_errors)
    configure_logging(config.service.effective_log_level, sys.stdout)
    return config


def listen(host: str, port: int) -> socket.socket:
    """Opens the port before the app is built: uvicorn would do it last, and name neither the error nor the variable."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise ConfigurationError([f"BACKEND_PORT: cannot listen on {host}:{port} ({reason})"]) from error


def server_settings(app: FastAPI | str, service: ServiceSettings) -> uvicorn.Config:
    """For an app, or the import path of a function that returns one."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=service.backend_workers,
        root_path=service.backend_root_path,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=HANG_SECONDS,
    )
