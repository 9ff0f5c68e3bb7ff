"""`python -m app` serves at BACKEND_HOST and BACKEND_PORT."""

import signal

import uvicorn

from app.application import create_app
from app.http.protocol import BoundedProtocol
from app.start import load_config

GRACE_SECONDS = 10


def main() -> None:
    """Exits 0 when it is told to stop and everything under way is finished."""
    config = load_config()
    # uvicorn raises the signal again once it has shut down; that must not end in "killed by signal".
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit_well)
    uvicorn.run(
        create_app(config),
        host=config.service.backend_host,
        port=config.service.backend_port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _exit_well(_number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
