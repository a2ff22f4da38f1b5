"""Which software this is, by the package's own metadata."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def firmware() -> str:
    """Return what a status calls the software."""
    try:
        return f"toolcrib-edge {version('toolcrib')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return "toolcrib-edge unpackaged"
