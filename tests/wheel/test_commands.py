"""The auth server's own commands: the same arguments, the same output and exit codes."""

import shutil
import subprocess
from pathlib import Path

import pytest

from stack.processes import good_auth_environment
from stack.target import REPOSITORY
from wheel.conftest import Up
from wheel.machine import Machine

BUNDLE = REPOSITORY / "auth-server" / "dist" / "main.js"


@pytest.fixture
def machine(venv: Path, path: Path, tmp_path: Path) -> Machine:
    """Without a state: no `up` has been here."""
    return Machine(venv, tmp_path, path)


@pytest.mark.parametrize(
    "arguments",
    [["serve"], ["migrate"], ["check-config"], ["check-config", "--all"], ["make-admin"], ["no-such", "-x"]],
)
def test_without_settings_it_refuses_as_the_program_itself(machine: Machine, arguments: list[str]) -> None:
    command = [shutil.which("node") or "node", str(BUNDLE), *arguments]
    itself = subprocess.run(command, env={}, cwd=machine.project, capture_output=True, text=True, check=False)

    ours = machine.run(*arguments)

    assert (ours.returncode, ours.stdout, ours.stderr) == (itself.returncode, itself.stdout, itself.stderr)
    assert ours.returncode == 78


def test_the_configuration_of_production_is_checked_by_its_rules(machine: Machine) -> None:
    good = good_auth_environment()

    assert machine.run("check-config", **good).returncode == 0
    weak = machine.run("check-config", **good | {"BETTER_AUTH_SECRET": "secret"})
    assert (weak.returncode, "BETTER_AUTH_SECRET is too short" in weak.stderr) == (78, True)


def test_serve_is_production_also_where_up_has_been(up: Up) -> None:
    refused = up.machine.run("serve")

    assert refused.returncode == 78
    assert "PUBLIC_URL must be set to an https URL in production" in refused.stderr
    assert "DATABASE_URL is required" in refused.stderr


def test_up_is_development_and_refuses_to_be_anything_else(machine: Machine) -> None:
    refused = machine.run("up", NODE_ENV="production")

    assert (refused.returncode, "In production: auth-sidecar serve" in refused.stderr) == (78, True)
    assert list(machine.project.iterdir()) == []


def test_other_commands_work_on_the_database_of_up(up: Up) -> None:
    migrated, unknown = up.machine.run("migrate"), up.machine.run("make-admin", "nobody@example.com")

    assert migrated.returncode == 0
    assert "on the development database of" in migrated.stderr
    assert (unknown.returncode, "There is no user with this address" in unknown.stderr) == (1, True)


def test_a_rehearsal_finds_the_tools_that_came_with_postgresql(up: Up) -> None:
    rehearsed = up.machine.run("rehearse")

    assert (rehearsed.returncode, "by pg_dump" in rehearsed.stdout) == (0, True), rehearsed.stdout


def test_a_database_in_the_environment_comes_before_that_of_up(up: Up) -> None:
    elsewhere = up.machine.run("migrate", **good_auth_environment())

    assert elsewhere.returncode == 1
    assert "on the development database" not in elsewhere.stderr


def test_paths_in_settings_are_seen_from_the_folder_that_one_stands_in(machine: Machine) -> None:
    good = good_auth_environment()
    missing = machine.run("check-config", **good, BRAND_FOLDER="mine")
    (machine.project / "mine").mkdir()
    (machine.project / "mine" / "brand.json").write_text(
        '{"name": "Mine", "accent": {"light": "#0f6b5c", "dark": "#63cdb3"}}'
    )

    assert (missing.returncode, "mine/brand.json" in missing.stderr) == (78, True)
    assert machine.run("check-config", **good, BRAND_FOLDER="mine").returncode == 0


def test_help_and_version_need_nothing(machine: Machine) -> None:
    assert machine.run().stdout == machine.run("--help").stdout
    assert "auth-sidecar run" not in machine.run("--version").stdout
    assert machine.run("--version").stdout.startswith("auth-sidecar 0.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["up", "--port", "70000"], "70000 is not a port number"),
        (["up", "--app-url", "localhost:8000"], "is not an http(s) address"),
        (["up", "--no-such-option"], "unrecognized arguments"),
        (["run"], "Say what to run"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(machine: Machine, arguments: list[str], said: str) -> None:
    refused = machine.run(*arguments)

    assert refused.returncode in {2, 64}
    assert said in refused.stderr


def test_run_says_when_there_is_nothing_to_run_beside(machine: Machine) -> None:
    refused = machine.run("run", "uvicorn", "app:app")

    assert (refused.returncode, "auth-sidecar up" in refused.stderr) == (1, True)


def test_run_has_the_exit_code_of_what_it_runs(up: Up) -> None:
    script = "import os, sys; sys.exit(len(os.environ['AUTH_SERVER_URL']) == len('" + up.internal_url + "') and 7)"

    assert up.machine.run("run", "python", "-c", script).returncode == 7
    assert up.machine.run("run", "no-such-program").returncode == 127
