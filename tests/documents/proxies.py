"""The proxies that docs/deploy.md shows, in front of the stack, where this machine has them."""

import contextlib
import re
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

from documents.pages import Page
from stack.ports import free_port
from stack.processes import is_listening
from stack.target import Stack, environment
from stack.waiting import eventually

DEPLOY = Page("docs/deploy.md")
PROXIES = [name for name in ("nginx", "caddy") if shutil.which(name)]


@contextlib.contextmanager
def running_proxy(name: str, stack: Stack, folder: Path) -> Generator[str]:
    """Its address."""
    port = free_port()
    shown = _at(stack, DEPLOY.block("nginx", "nginx") if name == "nginx" else DEPLOY.block("Caddy", "caddyfile"))
    prepare = _nginx if name == "nginx" else _caddy
    command, url = prepare(shown, port, folder)
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={"PATH": environment["PATH"], "HOME": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(lambda: process.poll() is not None or is_listening(port), 60)
            assert process.poll() is None, log.read_text()
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def _at(stack: Stack, shown: str) -> str:
    addresses = {"4000": stack.auth_url, "8000": stack.api_url, "3000": stack.frontend_url}
    for port, url in addresses.items():
        shown, count = re.subn(rf"127\.0\.0\.1:{port}\b", f"127.0.0.1:{urlsplit(url).port}", shown)
        assert count == 1
    return shown


def _nginx(shown: str, port: int, folder: Path) -> tuple[list[str], str]:
    """A certificate of its own in the place of the page's, and everything that it writes in the folder."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=app.example.com"]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = shown.replace("listen 443", f"listen 127.0.0.1:{port}").replace("/etc/ssl/app.example.com", str(folder))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main = f"daemon off; master_process off; pid {folder}/pid; error_log stderr;"
    configuration = folder / "nginx.conf"
    configuration.write_text(f"{main}\nevents {{}}\nhttp {{\naccess_log off;\n{paths}\n{server}\n}}\n")
    command = ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(configuration)]
    return command, f"https://127.0.0.1:{port}"


def _caddy(shown: str, port: int, folder: Path) -> tuple[list[str], str]:
    """Over http, since it would get its certificates from an authority."""
    assert shown.count("\napp.example.com {") == 1
    site = shown.replace("\napp.example.com {", f"\nhttp://127.0.0.1:{port} {{")
    configuration = folder / "Caddyfile"
    configuration.write_text(f"{{\n\tadmin off\n}}\n{site}")
    return ["caddy", "run", "--config", str(configuration), "--adapter", "caddyfile"], f"http://127.0.0.1:{port}"
