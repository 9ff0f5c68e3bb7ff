"""Several processes on one listening socket (BACKEND_WORKERS). Each is the whole service, with its own lifespan."""

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from app.config import EX_CONFIG, Config
from app.server.drain import drain, drain_when_told

HANG_SECONDS = 30
"""A worker that has not responded to its supervisor for this long is killed, and another one started."""


def run_workers(settings: uvicorn.Config, listener: socket.socket, delay_seconds: int) -> int:
    """Starts a worker again when it dies, until stopped. Returns the exit code: 78 if one can no longer start."""
    supervisor = _Supervisor(settings, [listener], delay_seconds)
    supervisor.run()
    return EX_CONFIG if any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes) else 0


def prepare_worker(load_config: Callable[[], Config]) -> Config:
    """The first thing that a worker does."""
    drain_when_told()
    threading.Thread(target=_stop_without_supervisor, daemon=True).start()
    try:
        return load_config()
    except SystemExit as ended:
        raise SystemExit(STARTUP_FAILURE) from ended  # after any other exit code uvicorn would start it again forever


class _Supervisor(Multiprocess):
    def __init__(self, settings: uvicorn.Config, sockets: list[socket.socket], delay_seconds: int) -> None:
        super().__init__(settings, sockets)
        self._delay_seconds = delay_seconds
        self._is_urgent = threading.Event()

    def handle_int(self) -> None:
        self._is_urgent.set()
        super().handle_int()

    def keep_subprocess_alive(self) -> None:
        # While this end is open here too, a worker that has died looks like one that is slow to respond.
        for worker in self.processes:
            worker.child_conn.close()
        super().keep_subprocess_alive()

    def terminate_all(self) -> None:
        if self._delay_seconds > 0:
            drain(worker.pid for worker in self.processes if worker.pid is not None)
            self._is_urgent.wait(self._delay_seconds)
        # An open port would accept connections that no worker serves any more.
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def _stop_without_supervisor() -> None:
    """A worker without its supervisor would keep the port from the next start, and nothing would stop it."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)
