"""Files that are whole or not there, whenever the power goes: the only ways in which a board changes its own folders.

Everything is written beside its place, forced to the disk, and renamed; then the folder is forced to the disk. A cut
leaves the earlier state or the later one, and perhaps a `.new` file, which the next writer replaces.
"""

import os
import shutil
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700


def folder(path: Path) -> Path:
    """Make a folder that only its owner may look into, unless it is there; return it."""
    if not path.exists():
        path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        _give(path)
    _sync_folder(path.parent)
    return path


def put(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a file that only its owner may read, unless `mode` says more."""
    half = path.with_name(f"{path.name}.new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _give(half)
    half.replace(path)
    _sync_folder(path.parent)


def point(link: Path, to: str) -> None:
    """Make a symbolic link point to another name in its folder, at once."""
    half = link.with_name(f"{link.name}.new")
    half.unlink(missing_ok=True)
    half.symlink_to(to)
    _give(half)
    half.replace(link)
    _sync_folder(link.parent)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _give(path: Path) -> None:
    """What root writes belongs to whom the folder around it belongs to: the bank reads what an admin enrolled."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
