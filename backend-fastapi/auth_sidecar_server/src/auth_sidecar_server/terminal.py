"""What a user at the terminal sees. Colours only where somebody looks at them."""

import contextlib
from collections.abc import Mapping
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "cyan": "36"}


class Terminal:
    """Prints lines to one stream."""

    def __init__(self, stream: TextIO, environment: Mapping[str, str]) -> None:
        self._stream = stream
        wanted = "NO_COLOR" not in environment and environment.get("TERM") != "dumb"
        self._is_coloured = wanted and stream.isatty()
        self._is_plain = not (stream.encoding or "").lower().startswith("utf")

    def say(self, text: str = "") -> None:
        """A line. That nobody reads any more is no reason to fail, nor to leave something running."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(f"{self._readable(text)}\n")
            self._stream.flush()

    def step(self, name: str, what: str, seconds: float) -> None:
        """Something that is done, and how long it took."""
        self.say(f"  {self.paint('green', '✓')} {name:<13} {what:<10} {self.paint('dim', f'{seconds:5.1f} s')}")

    def paint(self, colour: str, text: str) -> str:
        """One of the names in _CODES."""
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self._is_coloured else text

    def _readable(self, text: str) -> str:
        """For a terminal in the locale C, which cannot show every character."""
        if not self._is_plain:
            return text
        return text.replace("✓", "*").replace("✗", "!").replace("·", "-").encode("ascii", "replace").decode()
