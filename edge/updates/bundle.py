"""A release's bundle: fetched within bounds, compared with its manifest, unpacked, installed into a slot of its own.

A bundle is a plain tar of wheels and one `requirements.txt` that names each of them with its digest. Nothing is asked
of a package index, and nothing is installed whose digest is not in the bundle.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from edge import durable
from edge.updates.manifest import MOST_BYTES, Manifest

CHUNK: Final = 64 * 1024
TIMEOUT_S: Final = 30
FETCH_WITHIN_S: Final = 3_600.0  # a line that needs longer is none to update over
ROOM: Final = 8  # times a bundle's size: packed, unpacked, and installed with what Python compiles of it
LEFT_BYTES: Final = 128 * 1024 * 1024  # for the journal, which may be on the same disk: without it nothing is lent
INSTALL_WITHIN_S: Final = 900  # a small board compiles nothing, but it is slow
MOST_FILES: Final = 200
REQUIREMENTS: Final = "requirements.txt"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class BundleError(Exception):
    """The bundle is not what was signed, cannot be had, or does not install; says why."""


class _NoRedirects(HTTPRedirectHandler):
    """Whoever sends us elsewhere is not whom the job named."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def fetch(url: str, to: Path, manifest: Manifest) -> Path:
    """Fetch a bundle into a file and return it once it is what the manifest says; raises BundleError."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise BundleError("a bundle is fetched by https only")
    needed, free = manifest.bytes * ROOM + LEFT_BYTES, shutil.disk_usage(to.parent).free
    if free < needed:
        raise BundleError(f"it needs {needed >> 20} MB of room on the disk, and {free >> 20} MB are free")
    try:
        with build_opener(_NoRedirects).open(Request(url), timeout=TIMEOUT_S) as answer, to.open("wb") as file:  # noqa: S310
            digest = _copied(answer, file, manifest.bytes)
    except OSError as error:
        to.unlink(missing_ok=True)
        raise BundleError(f"the bundle cannot be fetched: {error}") from error
    except BundleError:
        to.unlink(missing_ok=True)
        raise
    if digest != manifest.sha256:
        to.unlink(missing_ok=True)
        raise BundleError("the bundle is not the one that was signed")
    return to


def _copied(answer: IO[bytes], file: IO[bytes], most: int) -> str:
    """Copy at most as much as was announced; return its SHA-256."""
    digest, left, until = hashlib.sha256(), most, time.monotonic() + FETCH_WITHIN_S
    while chunk := answer.read(CHUNK):
        if time.monotonic() > until:
            raise BundleError(f"the bundle did not come within {FETCH_WITHIN_S:.0f} s")
        left -= len(chunk)
        if left < 0:
            raise BundleError(f"the bundle is larger than the {most} bytes that were signed")
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest()


def unpack(bundle: Path, to: Path) -> Path:
    """Unpack wheels and requirements into an empty folder, and return it; raises BundleError for anything else."""
    durable.remove(to)
    durable.folder(to)
    try:
        with tarfile.open(bundle, "r:") as tar:
            for member, content in _members(tar):
                with (to / member.name).open("xb") as file:
                    while chunk := content.read(CHUNK):
                        file.write(chunk)
    except (tarfile.TarError, OSError) as error:
        raise BundleError(f"the bundle cannot be unpacked: {error}") from error
    if not (to / REQUIREMENTS).is_file():
        raise BundleError(f"the bundle has no {REQUIREMENTS}")
    return to


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    size = 0
    for number, member in enumerate(tar, start=1):
        size += member.size
        content = tar.extractfile(member) if member.isreg() else None
        plain = member.name == Path(member.name).name and not member.name.startswith(".")
        known = member.name == REQUIREMENTS or member.name.endswith(".whl")
        if content is None or not plain or not known or number > MOST_FILES or size > MOST_BYTES:
            raise BundleError(f"the bundle holds something it must not: {member.name!r}")
        yield member, content


def install(files: Path, slot: Path) -> None:
    """Make a virtual environment in a slot from unpacked files alone; raises BundleError with pip's last words."""
    _run([sys.executable, "-m", "venv", "--clear", slot])
    python = slot / "bin" / "python"
    alone = ("--no-index", "--find-links", files, "--require-hashes", "--no-deps", "--only-binary", ":all:")
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir")
    _run([python, *pip, *alone, "-r", files / REQUIREMENTS])
    _run([python, "-I", "-c", "import edge"])  # it can at least be started


def _run(command: list[str | Path]) -> None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_WITHIN_S, check=False)  # noqa: S603 - our own words
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BundleError(f"{command[0]} failed: {error}") from error
    if ran.returncode:
        words = (ran.stderr or ran.stdout).strip().splitlines()
        said = [line for line in words if line.startswith("ERROR:")] or words
        raise BundleError(f"it does not install: {said[-1].removeprefix('ERROR: ') if said else ran.returncode}")
