"""From a thread of the service's own to the event loop, which alone may touch what is kept."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future


def do_on(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    """Returns when it is done; raises what it raises. Raises RuntimeError when the loop is closed."""
    if _is_running_here(loop):
        act()
        return
    done: Future[None] = Future()

    def do() -> None:
        try:
            done.set_result(act())
        except Exception as error:  # noqa: BLE001 - it is the caller's
            done.set_exception(error)

    loop.call_soon_threadsafe(do)
    done.result()


def _is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this is the loop's own thread."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
