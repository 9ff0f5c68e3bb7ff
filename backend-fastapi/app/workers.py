"""Several processes on one listening socket (BACKEND_WORKERS), each the whole service with a lifespan of its own."""

import multiprocessing
import os
import signal
import socket
import threading

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from app.application import create_app
from app.config import EX_CONFIG
from app.start import load_config

FACTORY = "app.workers:create_worker"
"""For uvicorn, which imports it in each new process."""

HANG_SECONDS = 30
"""A worker that has not answered its supervisor for so long is killed, and another one started."""


def run_workers(settings: uvicorn.Config, listener: socket.socket) -> int:
    """Starts a worker that dies again, until told to stop. Gives the exit code: 78 where one can no longer start."""
    supervisor = _Supervisor(settings, [listener])
    supervisor.run()
    return EX_CONFIG if any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes) else 0


def create_worker() -> FastAPI:
    """The service as one process of several."""
    threading.Thread(target=_stop_without_supervisor, daemon=True).start()
    try:
        config = load_config()
    except SystemExit as ended:
        raise SystemExit(STARTUP_FAILURE) from ended  # after any other code uvicorn would try again for ever
    return create_app(config)


class _Supervisor(Multiprocess):
    def keep_subprocess_alive(self) -> None:
        # While this end stays open here as well, a worker that dies looks like one that is slow to answer.
        for worker in self.processes:
            worker.child_conn.close()
        super().keep_subprocess_alive()

    def terminate_all(self) -> None:
        # Else the port would take connections that nobody accepts any more.
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def _stop_without_supervisor() -> None:
    """Orphans would hold the port against the next start, with nobody to tell them to stop."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)
