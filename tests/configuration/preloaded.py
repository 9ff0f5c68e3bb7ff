"""The backend's command in a process that has imported its libraries already, which is most of what a start costs.

Our own modules are imported by each start, as by `python -m app`; only who has imported FastAPI and the like differs.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

from stack.processes import BACKEND, FOLDER, SECONDS_TO_EXIT, Environment, only

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        *("aiohttp", "alembic.config", "fastapi.openapi.models", "fastapi_offline", "psycopg", "pydantic_settings"),
        *("sqlalchemy.dialects.postgresql", "sqlalchemy.ext.asyncio", "structlog", "uvicorn", "uvloop"),
        __name__,
    ]
)


def run_backend(environment: Environment) -> subprocess.CompletedProcess[str]:
    """As processes.run does with BACKEND."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _CONTEXT.Process(target=_main, args=(only(environment), out, err))
        process.start()
        process.join(SECONDS_TO_EXIT)
        code = process.exitcode
        process.kill()
        process.join()
        process.close()
        assert code is not None, f"{err.read_text()}\nstill running after {SECONDS_TO_EXIT} s"
        return subprocess.CompletedProcess(BACKEND, code, out.read_text(), err.read_text())


def _main(environment: Environment, out: Path, err: Path) -> None:
    for path, stream in ((out, sys.stdout), (err, sys.stderr)):
        os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), stream.fileno())
    os.environ.clear()  # noqa: TID251 - of this process, whose environment it is to be
    os.environ.update(environment)  # noqa: TID251 - as above
    os.chdir(FOLDER)
    sys.path.insert(0, str(FOLDER))
    runpy.run_module("app", run_name="__main__", alter_sys=True)
