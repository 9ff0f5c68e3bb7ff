"""What docker-compose.yaml must never lose."""

import re
from typing import Any

import pytest
import yaml

from stack.repository import text, tracked

FILE: dict[str, Any] = yaml.safe_load(text("docker-compose.yaml"))
SERVICES: dict[str, dict[str, Any]] = FILE["services"]


def test_two_clones_share_no_name() -> None:
    named = [*FILE["volumes"].values(), *FILE["networks"].values(), *FILE["configs"].values(), *SERVICES.values()]

    assert "name" not in FILE
    assert [thing for thing in named if thing and {"name", "container_name", "external"} & set(thing)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_without_root_rights_on_a_read_only_disk(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_published_to_this_machine_only_if_at_all(name: str) -> None:
    for published in SERVICES[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:(\$\{\w+:-\d+\}):(\d+|\1)", published)
        assert published.rpartition(":")[2] not in {"4001", "5432"}


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_has_a_fixed_tag_and_one_that_is_built_here_the_clones_name(name: str) -> None:
    """With a name that clones share, one that builds at the same time would give another its own image."""
    image = SERVICES[name]["image"]

    if image.startswith("auth-sidecar/"):
        assert image.endswith(":${COMPOSE_PROJECT_NAME}")
    else:
        assert "build" not in SERVICES[name]
        assert re.fullmatch(r"[a-z0-9./-]+:(?!latest)[\w.-]+", image)


def test_the_images_that_are_removed_with_the_data_are_those_that_are_built() -> None:
    built = {service["image"].partition(":")[0] for service in SERVICES.values() if "build" in service}
    (removed,) = re.findall(r"\[(.+)\]\.map", text("dev/src/compose/images.ts"))

    assert {f"auth-sidecar/{name}" for name in re.findall(r"'([\w-]+)'", removed)} == built


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service.get("restart") != "no"])
def test_a_service_that_stays_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_nothing_starts_on_a_database_that_is_not_migrated() -> None:
    assert SERVICES["auth-server"]["depends_on"]["auth-migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["backend"]["depends_on"]["backend-migrate"]["condition"] == "service_completed_successfully"


def test_a_secret_has_no_default() -> None:
    used = re.findall(
        r"\$\{(?!BREACHED_PASSWORDS|PASSWORD_MIN_LENGTH|OLD_TOKENS_(?!SECRET))(\w*(?:SECRET|TOKEN|PASSWORD))([^}]*)\}",
        text("docker-compose.yaml"),
    )

    assert len(used) >= 5
    # Without its secret a provider is switched off, and so are old tokens.
    optional = {f"{name}_CLIENT_SECRET" for name in ("GOOGLE", "GITHUB", "MICROSOFT")} | {"OLD_TOKENS_SECRET"}
    assert [name for name, rest in used if not rest.startswith(":?") and name not in optional] == []
    assert {rest for name, rest in used if name in optional} == {":-"}


@pytest.mark.parametrize("path", [path for path in tracked() if path.endswith("Dockerfile")])
def test_a_dockerfile_builds_on_fixed_tags_and_ends_without_root(path: str) -> None:
    lines = text(path).splitlines()
    stages = {match[1] for line in lines if (match := re.search(r"(?i)^FROM .+ AS (\S+)", line))}
    # Of nothing: Docker knows no tag of it.
    stages.add("scratch")
    images = [line.split()[1] for line in lines if line.startswith("FROM ")]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]

    assert [image for image in images if image not in stages and not re.search(r":(?!latest)\w", image)] == []
    assert users
    assert users[-1].partition(":")[0] not in {"root", "0"}
