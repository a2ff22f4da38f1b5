"""Makes the .mo files from the .po files: whatever runs, packages or tests the layer does this first."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from infra.catalogues.places import catalogue_files
from infra.cli.building import one_at_a_time

WRITTEN: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the header wants a time; the same words make the same file


def compile_catalogues() -> list[Path]:
    """Make each .mo that is missing or older than its .po, and return those that were made."""
    if not any(_outdated(path) for path in catalogue_files()):
        return []
    with one_at_a_time("catalogues"):
        return [_compiled(path) for path in catalogue_files() if _outdated(path)]


def _outdated(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime_ns <= source.stat().st_mtime_ns


def _compiled(source: Path) -> Path:
    from babel.messages.mofile import write_mo

    from infra.catalogues.files import read

    catalogue = read(source)
    catalogue.creation_date = catalogue.revision_date = WRITTEN
    body = BytesIO()
    write_mo(body, catalogue)
    made = source.with_suffix(".mo")
    half = made.with_suffix(".half")
    half.write_bytes(body.getvalue())
    return half.replace(made)


if __name__ == "__main__":
    compile_catalogues()
