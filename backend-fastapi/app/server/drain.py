"""Between the signal to stop and the end: not ready, and serving as before, until a balancer has noticed."""

import os
import signal
import threading
from collections.abc import Iterable
from types import FrameType

import uvicorn

draining = threading.Event()
"""Set in a process that has been told to stop."""


class DrainingServer(uvicorn.Server):
    """Stops `delay_seconds` after SIGTERM. Another signal, or a second one, stops it at once."""

    def __init__(self, config: uvicorn.Config, delay_seconds: int) -> None:
        super().__init__(config)
        self._delay_seconds = delay_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by uvicorn as the handler of its signals."""
        if sig != signal.SIGTERM or self._delay_seconds == 0 or draining.is_set():
            super().handle_exit(sig, frame)
            return
        draining.set()
        timer = threading.Timer(self._delay_seconds, super().handle_exit, (sig, frame))
        timer.daemon = True
        timer.start()


def drain_when_told() -> None:
    """In a worker, whose supervisor stops it later: see `drain`."""
    signal.signal(signal.SIGUSR1, _drain)


def drain(workers: Iterable[int]) -> None:
    """Tells the processes with these ids that they will be stopped."""
    for pid in workers:
        os.kill(pid, signal.SIGUSR1)


def _drain(_number: int, _frame: object) -> None:
    draining.set()
