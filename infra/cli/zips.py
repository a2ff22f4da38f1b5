"""Zips that come out the same for the same content, so that only what changed is uploaded."""

import zipfile
from collections.abc import Collection
from pathlib import Path

from infra.cli.paths import LEFT_BEHIND

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
SKIPPED = LEFT_BEHIND | {"tests", "test", "bin"}
SOURCES = frozenset({".po", ".half"})  # of message catalogues: functions read the .mo that are made from them


def zip_folder(folder: Path, target: Path, leave: Collection[str] = ()) -> Path:
    """Write the files of `folder` into the zip `target` and return it; half a zip is never left behind.

    What lies under one of the paths `leave` stays out.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".half")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            wanted = not any(name.is_relative_to(each) for each in leave)
            if wanted and path.is_file() and not SKIPPED & set(name.parts) and path.suffix not in SOURCES:
                entry = zipfile.ZipInfo(str(name), EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    return half.replace(target)
