"""What is in the two wheels."""

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from stack.repository import text
from stack.target import REPOSITORY, environment
from wheel.conftest import WHEELS
from wheel.machine import Machine

PROJECTS = {
    name: tomllib.loads(text(f"backend-fastapi/{name}/pyproject.toml"))["project"]
    for name in ("auth_sidecar", "auth_sidecar_server")
}


def _wheel(name: str, folder: Path = WHEELS) -> Path:
    (path,) = folder.glob(f"{name}-*.whl")
    return path


def _read(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(_wheel(name)) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


def _metadata(files: dict[str, bytes]) -> Message:
    (name,) = (name for name in files if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(files[name].decode())


def test_both_have_one_version_and_the_extra_asks_for_it() -> None:
    versions = {project["version"] for project in PROJECTS.values()}

    assert len(versions) == 1
    (version,) = versions
    assert PROJECTS["auth_sidecar"]["optional-dependencies"] == {"server": [f"auth-sidecar-server=={version}"]}
    for name in PROJECTS:
        assert _metadata(_read(name))["Version"] == version


def test_the_package_of_services_stays_small_and_is_for_every_machine() -> None:
    path = _wheel("auth_sidecar")

    assert path.name.endswith("-py3-none-any.whl")
    assert path.stat().st_size < 150_000
    assert not [name for name in _read("auth_sidecar") if "payload" in name]


def test_the_server_is_for_one_kind_of_machine_and_every_python() -> None:
    path = _wheel("auth_sidecar_server")

    assert re.search(r"-py3-none-(?:manylinux_2_28|macosx_13_5)_\w+\.whl$", path.name)
    assert path.stat().st_size < 4_000_000


def test_it_carries_the_licences_of_what_it_is_built_from() -> None:
    files = _read("auth_sidecar_server")
    licences = {name.rpartition("/")[2]: content.decode() for name, content in files.items() if "/licenses/" in name}

    assert licences["LICENSE"] == text("LICENSE")
    named = set(re.findall(r"(?m)^(@?[\w./-]+) \d[\w.-]* \(", licences["THIRD_PARTY_LICENSES.txt"]))
    assert {
        "better-auth",
        "hono",
        "pg",
        "react",
        "wouter",
        "@node-rs/argon2",
        "@node-rs/bcrypt",
        "zod",
        "scheduler",
    } <= named
    assert licences["THIRD_PARTY_LICENSES.txt"].count("Permission is hereby granted") > 20


def test_nothing_of_the_machine_that_built_it_is_in_it() -> None:
    for name in PROJECTS:
        found = [path for path, content in _read(name).items() if str(REPOSITORY).encode() in content]
        assert found == []


def test_a_second_build_has_the_same_bytes(tmp_path: Path) -> None:
    program = [str(REPOSITORY / "dev" / "src" / "wheel" / "main.ts"), str(tmp_path)]
    subprocess.run(["node", "--import", "tsx", *program], cwd=REPOSITORY, check=True, capture_output=True)

    for name in PROJECTS:
        first, second = (hashlib.sha256(_wheel(name, folder).read_bytes()).hexdigest() for folder in (WHEELS, tmp_path))
        assert first == second


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path, path: Path) -> None:
    venv = tmp_path / "venv"
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", venv / "bin" / "python"]
    subprocess.run([*install, _wheel("auth_sidecar")], check=True, env=environment)

    refused = Machine(venv, tmp_path, path).run("up")

    assert refused.returncode == 69
    assert 'pip install "auth-sidecar[server]"' in refused.stderr


@pytest.mark.parametrize("name", PROJECTS)
def test_its_readme_can_be_read_anywhere(name: str) -> None:
    readme = str(_metadata(_read(name)).get_payload())
    targets = re.findall(r"\]\(([^)]+)\)", readme)

    assert [target for target in targets if not target.startswith("https://")] == []
    assert 'pip install "auth-sidecar[server]"' in readme
