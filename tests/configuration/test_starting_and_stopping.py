"""A port that is taken is named; a service that is stopped finishes what is under way and exits 0."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from stack.databases import empty_database
from stack.processes import AUTH_SERVER, BACKEND, Environment, good_backend_environment, run, running
from stack.raw_http import connect, read_response
from stack.target import Stack
from stack.waiting import eventually

pytestmark = pytest.mark.embedded
SECONDS_TO_START = 60
SECONDS_TO_STOP = 40


@pytest.fixture(scope="module")
def migrated(stack: Stack) -> Iterator[Environment]:
    with empty_database(stack) as environment:
        assert run((*AUTH_SERVER, "migrate"), environment).returncode == 0
        yield environment


def _backend_environment(stack: Stack, auth: Environment) -> Environment:
    """Nobody migrates this backend's tables: what is tried here needs none. It uses the stack's own auth server."""
    return {
        **good_backend_environment(),
        "APP_ENV": "development",
        "CORS_ORIGIN": stack.frontend_url,
        "AUTH_SERVER_URL": stack.auth_internal_url,
        "INTERNAL_TOKEN": stack.internal_token,
        "BACKEND_DATABASE_URL": auth["BACKEND_DATABASE_URL"],
    }


@pytest.mark.parametrize("variable", ["AUTH_PORT", "AUTH_INTERNAL_PORT"])
def test_an_auth_server_whose_port_is_taken_says_which_one_to_set(migrated: Environment, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        done = run(AUTH_SERVER, {**migrated, variable: port})

    assert done.returncode == 78
    assert variable in done.stderr
    assert port in done.stderr


def test_a_backend_whose_port_is_taken_says_which_one_to_set(stack: Stack, migrated: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        done = run(BACKEND, {**_backend_environment(stack, migrated), "BACKEND_PORT": port})

    assert done.returncode == 78
    assert "BACKEND_PORT" in done.stderr
    assert port in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("service", ["auth-server", "backend"])
def test_a_request_that_is_under_way_is_finished_before_the_service_exits_0(
    stack: Stack, migrated: Environment, service: str, stop: signal.Signals
) -> None:
    if service == "auth-server":
        command, environment = AUTH_SERVER, migrated
        port, path = migrated["AUTH_PORT"], "/api/auth/sign-in/email"
    else:
        command, environment = BACKEND, _backend_environment(stack, migrated)
        port, path = environment["BACKEND_PORT"], "/api/notes"
    url = f"http://127.0.0.1:{port}"
    body = json.dumps({"email": "nobody@example.com", "password": "not the password", "text": "x"}).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: a", "Content-Type: application/json", f"Content-Length: {len(body)}"]

    with running(command, environment) as process:
        eventually(lambda: _listens(port), SECONDS_TO_START)
        with connect(url) as under_way:
            under_way.sendall("\r\n".join([*lines, "", ""]).encode() + body[:5])
            _exchange_something(url)
            process.send_signal(stop)
            eventually(lambda: not _listens(port), SECONDS_TO_STOP)
            under_way.sendall(body[5:])
            response = read_response(under_way, "POST")
        _assert_exits_cleanly(process)

    assert response.status == 401, response


def _exchange_something(url: str) -> None:
    """Whoever has responded to this has read what came before it on another connection."""
    with connect(url) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert read_response(connection).status == 200


def _listens(port: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=1):
            return True
    except OSError:
        return False


def _assert_exits_cleanly(process: subprocess.Popen[str]) -> None:
    printed, _ = process.communicate(timeout=SECONDS_TO_STOP)
    assert process.returncode == 0, printed
    assert "Traceback" not in printed


def test_a_backend_that_asks_the_public_port_says_which_one_to_set(stack: Stack, migrated: Environment) -> None:
    environment = {**_backend_environment(stack, migrated), "AUTH_SERVER_URL": stack.auth_url}
    url = f"http://127.0.0.1:{environment['BACKEND_PORT']}/health/ready"
    with running(BACKEND, environment) as process:
        eventually(lambda: _is_unready(url), within_seconds=SECONDS_TO_START)
        process.terminate()
        output, _ = process.communicate(timeout=SECONDS_TO_STOP)

    assert "AUTH_SERVER_URL leads to the auth server's public port" in output


def _is_unready(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 503
    except httpx.TransportError:
        return False
