"""Runs modules as `python -m` does, in processes forked from one that has imported the libraries already.

To import FastAPI, SQLAlchemy and Alembic costs more than a second of CPU, and dozens of tests run one of our commands.
Only libraries are imported ahead; our own code is loaded by each process. test_process.py and test_workers.py
start the service without this, and the end-to-end tests the commands.
"""

import atexit
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TypedDict

LIBRARIES = "aiohttp alembic.command alembic.config fastapi httptools psycopg pydantic_settings structlog uvicorn"
DEADLINE_SECONDS = 90


class _Request(TypedDict):
    argv: list[str]
    cwd: str
    env: dict[str, str]


class WarmPython:
    """The process that forks. Started when it is needed first."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="python-")
        self._path = str(Path(self._folder.name) / "socket")
        self._server: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()

    def run(self, module: str, *arguments: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """The process sees of the environment only `env`."""
        self._start()
        request: _Request = {"argv": [module, *arguments], "cwd": str(cwd), "env": env}
        with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rb") as response:
            connection.connect(self._path)
            connection.sendall(json.dumps(request).encode() + b"\n")
            return subprocess.CompletedProcess(**json.loads(response.readline()))

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
        self._folder.cleanup()

    def _start(self) -> None:
        with self._starting:
            if self._server is not None:
                return
            command = [sys.executable, str(Path(__file__)), self._path]
            self._server = subprocess.Popen(command, env={}, stdout=subprocess.PIPE)  # noqa: S603 - this file
            atexit.register(self.stop)
            assert self._server.stdout is not None
            assert self._server.stdout.readline() == b"ready\n"


WARM = WarmPython()


def _serve(path: str) -> None:
    for library in LIBRARIES.split():
        __import__(library)
    __import__("sqlalchemy.ext.asyncio")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    _handle(connection)
                    os._exit(0)


def _handle(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with connection.makefile("rb") as lines:
        request: _Request = json.loads(lines.readline())
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        pid = os.fork()
        if pid == 0:
            _run(request, stdout, stderr)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        stdout.seek(0)
        stderr.seek(0)
        response = {
            "args": request["argv"],
            "returncode": code,
            "stdout": stdout.read().decode(),
            "stderr": stderr.read().decode(),
        }
    connection.sendall(json.dumps(response).encode() + b"\n")


def _run(request: _Request, stdout: IO[bytes], stderr: IO[bytes]) -> None:
    """Ends the process as the interpreter would."""
    signal.alarm(DEADLINE_SECONDS)
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.argv = request["argv"]
    sys.path[0] = request["cwd"]
    code = 1
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
        if isinstance(exit_.code, str):
            sys.stderr.write(f"{exit_.code}\n")
    except BaseException as error:  # noqa: BLE001 - as the interpreter shows what nothing has caught
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])
