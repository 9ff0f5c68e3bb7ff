"""`python -m app` serves at BACKEND_HOST and BACKEND_PORT."""

import errno
import signal
import socket

import uvicorn
from fastapi import FastAPI

from app.application import create_app
from app.config import ServiceSettings, exit_when_misconfigured
from app.http.protocol import BoundedProtocol
from app.start import load_config
from app.workers import FACTORY, HANG_SECONDS, run_workers
from auth_sidecar import ConfigurationError

GRACE_SECONDS = 10
BACKLOG = 2048
# Longer than the 60 s of common proxies: who closes first must not be us, or a request meets a closed connection (502).
KEEP_ALIVE_SECONDS = 75


def main() -> None:
    """Exits 0 when it is told to stop and everything under way is finished, 78 when it cannot start as configured."""
    config = load_config()
    with exit_when_misconfigured():
        listener = _listen(config.service.backend_host, config.service.backend_port)
    if config.service.backend_workers > 1:
        raise SystemExit(run_workers(_settings(FACTORY, config.service), listener))
    # uvicorn raises the signal again once it has shut down; that must not end in "killed by signal".
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit_well)
    uvicorn.Server(_settings(create_app(config), config.service)).run(sockets=[listener])


def _settings(app: FastAPI | str, service: ServiceSettings) -> uvicorn.Config:
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


def _listen(host: str, port: int) -> socket.socket:
    """Before anything is built: uvicorn would find a taken port last, and name neither the fault nor the variable."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise ConfigurationError([f"BACKEND_PORT: cannot listen on {host}:{port} ({reason})"]) from error


def _exit_well(_number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
