"""Caddy with the Caddyfile of the compose stack, in front of the services under test, where this machine has it."""

import contextlib
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

from stack.ports import free_port
from stack.processes import is_listening
from stack.target import REPOSITORY, Stack, environment
from stack.waiting import eventually

CADDY = shutil.which("caddy")


@contextlib.contextmanager
def caddy_before(stack: Stack, folder: Path) -> Generator[str]:
    """Its address. The app that it serves is a line of text."""
    (folder / "index.html").write_text("<title>the app</title>")
    shutil.copytree(REPOSITORY / "frontend" / "public", folder, dirs_exist_ok=True)
    (folder / "assets").mkdir()
    port = free_port()
    variables = {
        "PATH": environment["PATH"],
        "HOME": str(folder),
        "PORT": str(port),
        "SITE_ROOT": str(folder),
        "AUTH_PROXY_URL": stack.auth_url,
        "BACKEND_PROXY_URL": stack.api_url,
    }
    command = [
        CADDY or "caddy",
        "run",
        "--config",
        str(REPOSITORY / "frontend" / "Caddyfile"),
        "--adapter",
        "caddyfile",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
        try:
            eventually(lambda: is_listening(port), 60)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)
