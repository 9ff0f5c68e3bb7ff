"""The wheel holds native modules, so it is one of a platform; its Python code is for any version."""

import platform
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The oldest systems that Node's own wheels run on. The native modules need less.
TAGS = {
    ("linux", "x86_64"): "manylinux_2_28_x86_64",
    ("linux", "aarch64"): "manylinux_2_28_aarch64",
    ("darwin", "x86_64"): "macosx_13_5_x86_64",
    ("darwin", "arm64"): "macosx_13_5_arm64",
}


class PlatformWheel(BuildHookInterface[Any]):
    """Refuses to build a package without the server that it is for."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        payload = Path(self.root) / "src" / "auth_sidecar_server" / "payload"
        tag = TAGS.get((sys.platform, platform.machine()))
        if tag is None:
            raise RuntimeError(f"auth-sidecar-server has no wheel for {sys.platform} on {platform.machine()}")
        if version == "standard" and not payload.is_dir():
            raise RuntimeError("There is no built auth server to pack. In a checkout of the repository: make wheel")
        build_data["tag"] = f"py3-none-{tag}"
        build_data["pure_python"] = False
