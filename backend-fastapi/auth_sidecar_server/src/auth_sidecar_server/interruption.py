"""Signals that ask to stop. They are noted, and heeded where nothing is half done."""

import signal
from types import FrameType

from auth_sidecar_server.errors import Interrupted

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Every wait of this program looks here."""

    def __init__(self) -> None:
        self._number: int | None = None

    def listen(self) -> None:
        """From now on no signal ends this process by itself."""
        for number in _SIGNALS:
            signal.signal(number, self._note)

    def check(self) -> None:
        """Raises Interrupted once a signal has come."""
        if self._number is not None:
            raise Interrupted(self._number)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._number = self._number or number
