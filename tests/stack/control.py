"""Commands to the stack. One `control` process for each thread, since starting one takes longer than what it does."""

import atexit
import json
import subprocess
import threading
from collections.abc import Sequence
from typing import IO

SECONDS = 60
_own = threading.local()


def run(command: Sequence[str], *arguments: str) -> str:
    """What `control` prints for the arguments. An assertion fails where it refuses, or takes longer than a minute."""
    process = _process(command)
    pipe, responses = _pipes(process)
    deadline = threading.Timer(SECONDS, process.kill)
    deadline.start()
    try:
        pipe.write(json.dumps(arguments) + "\n")
        pipe.flush()
        line = responses.readline()
    finally:
        deadline.cancel()
    assert line, f"{' '.join(arguments)}: control ended"
    response = json.loads(line)
    assert "error" not in response, f"{' '.join(arguments)}: {response['error']}"
    return response["output"]


def _process(command: Sequence[str]) -> subprocess.Popen[str]:
    process: subprocess.Popen[str] | None = getattr(_own, "process", None)
    if process is None or process.poll() is not None:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(_end, process)
        _own.process = process
    return process


def _end(process: subprocess.Popen[str]) -> None:
    for pipe in _pipes(process):
        pipe.close()
    process.wait()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout
