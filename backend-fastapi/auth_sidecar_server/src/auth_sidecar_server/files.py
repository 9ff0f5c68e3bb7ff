"""Files in folders that another user might have made, or may write to."""

import os
import stat
from pathlib import Path

from auth_sidecar_server.errors import CONFIGURATION, CannotContinue

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def refuse_foreign(folder: Path, instead: str) -> None:
    """Raises unless it is a real folder of one's own that nobody else can write to. `instead`: what to do then."""
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode):
        problem = "is a symbolic link"
    elif not stat.S_ISDIR(found.st_mode):
        problem = "is not a folder"
    elif found.st_uid != os.geteuid():
        problem = f"belongs to another user (uid {found.st_uid})"
    elif found.st_mode & _OTHERS_WRITE:
        problem = f"can be written to by other users (mode {stat.S_IMODE(found.st_mode):04o})"
    else:
        return
    raise CannotContinue(f"{folder} {problem}. {instead}", CONFIGURATION)


def create_private(path: Path, content: str) -> int:
    """A new file; a descriptor of it, for its new owner. What had the name is removed, never written to."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, content.encode())
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def replace(path: Path, content: str) -> None:
    """Whole or not at all. A link of this name is replaced, not followed."""
    new = path.with_name(f"{path.name}.new")
    os.close(create_private(new, content))
    new.replace(path)


def process_number(text: str) -> int | None:
    """Of one process: 0 would be one's own group, 1 is the system's."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(2**31))
    return int(text) if is_number and 1 < int(text) < 2**31 else None
