"""`python -m app` serves at BACKEND_HOST and BACKEND_PORT."""

import signal

from fastapi import FastAPI

from app.config import exit_when_misconfigured
from app.main import create_app
from app.server.drain import DrainingServer
from app.server.start import listen, load_config, server_settings
from app.server.workers import prepare_worker, run_workers


def main() -> None:
    """Exits 0 when it is stopped and every request under way has finished, 78 when it cannot start as configured."""
    config = load_config()
    with exit_when_misconfigured():
        listener = listen(config.service.backend_host, config.service.backend_port)
    if config.service.backend_workers > 1:
        settings = server_settings("app.__main__:create_worker", config.service)
        raise SystemExit(run_workers(settings, listener, config.service.shutdown_delay_seconds))
    # uvicorn raises the signal again after its shutdown, which would end in "killed by signal" instead of exit code 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit_well)
    settings = server_settings(create_app(config), config.service)
    DrainingServer(settings, config.service.shutdown_delay_seconds).run(sockets=[listener])


def create_worker() -> FastAPI:
    """The service in one of several processes. uvicorn imports and calls this in each of them."""
    return create_app(prepare_worker(load_config))


def _exit_well(_number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
