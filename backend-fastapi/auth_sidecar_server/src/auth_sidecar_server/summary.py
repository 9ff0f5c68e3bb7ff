"""What a user is told of a stack that runs."""

from collections.abc import Mapping
from pathlib import Path

from auth_sidecar_server.state import State
from auth_sidecar_server.terminal import Terminal

_APP = """\
from auth_sidecar import AuthSidecar, CurrentUser

app = FastAPI(lifespan=AuthSidecar().lifespan)

@app.get("/reports")
async def reports(user: CurrentUser): ..."""


def say_started(terminal: Terminal, state: State, server: Mapping[str, str]) -> None:
    """Where everything is, and what to do next."""
    public_url = server["PUBLIC_URL"].rstrip("/")
    rows: list[tuple[str, str]] = []
    if server["SERVE_PAGES"] == "true":
        rows += [("Sign up", f"{public_url}/sign-up"), ("Sign in", f"{public_url}/sign-in")]
    rows += [
        ("Auth server", f"{public_url}/api/auth"),
        ("For your app", f"http://127.0.0.1:{server['AUTH_INTERNAL_PORT']}"),
    ]
    _say_rows(terminal, rows)
    terminal.say("\nIn your FastAPI app:\n")
    for line in _APP.splitlines():
        terminal.say(f"    {terminal.paint('cyan', line)}" if line else "")
    terminal.say("\nRun it with the settings that it needs, in another terminal:\n")
    terminal.say(f"    {terminal.paint('cyan', 'auth-sidecar run uvicorn app:app')}\n")
    folder = _shown(state.folder)
    terminal.say(
        terminal.paint("dim", f"Settings and logs: {folder}/app.env, {folder}/logs/. Ctrl-C stops everything.")
    )


def say_running(terminal: Terminal, state: State) -> None:
    """Of another `up` in the same folder."""
    running = state.running()
    if running is None:
        terminal.say(f"auth-sidecar is being started here already (pid {state.holder()}).")
        return
    terminal.say(f"auth-sidecar is running here already (pid {running.pid}).")
    _say_rows(
        terminal,
        [
            ("Sign in", f"{running.public_url}/sign-in"),
            ("For your app", running.internal_url),
            ("Database", running.database),
        ],
    )
    terminal.say("\nStop it with Ctrl-C in its terminal, or: auth-sidecar down")


def _say_rows(terminal: Terminal, rows: list[tuple[str, str]]) -> None:
    terminal.say()
    for name, value in rows:
        terminal.say(f"  {terminal.paint('bold', f'{name:<13}')} {terminal.paint('cyan', value)}")


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
