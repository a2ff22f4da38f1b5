"""Where things are in a checkout; everything made stands in ignored folders."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
TEMPLATES = ROOT / "infra"
REQUIREMENTS = ROOT / "requirements"
LEFT_BEHIND = frozenset(
    {"__pycache__", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", "deployments", "deployed"}
)
"""Folders that programs make beside sources."""


def digest_of(*roots: Path) -> str:
    """Return a digest of the names and contents of files and of all files in folders."""
    digest = hashlib.sha256()
    for root in roots:
        for path in sorted(_files(root)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def _files(root: Path) -> Iterable[Path]:
    if root.is_file():
        return [root]
    return (path for path in root.rglob("*") if path.is_file() and not _is_made(path))


def _is_made(path: Path) -> bool:
    return path.suffix == ".pyc" or not LEFT_BEHIND.isdisjoint(path.relative_to(ROOT).parts)
