"""Start here: the service as a server runs it, `uvicorn app.main:app` or `python -m app`. See application.py."""

from fastapi import FastAPI

from app.application import create_app
from app.config import exit_when_misconfigured, read_config
from app.log import configure_logging
from app.schema import migration_faults


def start() -> FastAPI:
    """The app, or the end of the process with 78 and every fault of the configuration."""
    with exit_when_misconfigured():
        config = read_config(migration_faults)
    configure_logging(config.service.log_level)
    return create_app(config)


app = start()
