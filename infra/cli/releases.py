"""Releases for banks: a publisher's key, a bundle of wheels, its signed manifest, and the job that sends it out.

The board reads all of it back (edge/updates); docs/fleet.md tells how a release is made.
"""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from edge.updates.bundle import REQUIREMENTS
from edge.updates.jobs import KIND
from edge.updates.manifest import ALGORITHM, NotSignedError, verified
from infra.cli.errors import CommandError

PRIVATE: Final = 0o600
FAILED_PERCENT, FAILED_OF = 20.0, 2  # one bank in five that fails, of two that tried at least, stops the rest
TIMEOUT_MINUTES: Final = 7 * 24 * 60  # a bank may be busy or offline; after a week somebody looks at it


class ReleaseError(CommandError):
    """The release cannot be made; the text says why."""


def new_key(path: Path) -> Path:
    """Make a publisher's key, and beside it, as `.pub`, what boards know it by; return that."""
    key = Ed25519PrivateKey.generate()
    public = path.with_suffix(".pub")
    if path.exists() or public.exists():
        raise ReleaseError(f"{path} is there already: a key that signed releases is not replaced by accident.")
    path.touch(mode=PRIVATE)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def packed(wheels: Path) -> bytes:
    """Return the bundle of a folder's wheels: a tar with each of them, and the list with their digests.

    The same wheels make the same bundle, bit by bit.
    """
    found = sorted(wheels.glob("*.whl"))
    if not found:
        raise ReleaseError(f"There are no wheels in {wheels}.")
    listed = "".join(f"{_named(each)} --hash=sha256:{_digest(each.read_bytes())}\n" for each in found)
    packed_up = io.BytesIO()
    with tarfile.open(fileobj=packed_up, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in [(REQUIREMENTS, listed.encode()), *((each.name, each.read_bytes()) for each in found)]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed_up.getvalue()


def signed(bundle: bytes, key: Path, *, version: str, least: str, forced: bool) -> str:
    """Return a bundle's manifest, signed with the key in a file, whose name without suffix is the `kid`."""
    try:
        private = load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(f"{key} holds no private key: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ReleaseError(f"{key} holds no Ed25519 key.")
    said = {"version": version, "sha256": _digest(bundle), "bytes": len(bundle), "least": least, "forced": forced}
    manifest = jwt.encode(said, private, algorithm=ALGORITHM, headers={"kid": key.stem})
    try:
        verified(manifest, {key.stem: private.public_key()})
    except NotSignedError as error:
        raise ReleaseError("No bank would take this: give versions as numbers, such as 1.4.0.") from error
    return manifest


def job(name: str, targets: list[str], *, manifest: str, url: str, version: str, a_minute: int) -> dict[str, Any]:
    """Return what IoT Core is asked for: a job that begins slowly, doubles its pace, and stops where banks fail."""
    pace = {
        "exponentialRate": {
            "baseRatePerMinute": a_minute,
            "incrementFactor": 2.0,
            "rateIncreaseCriteria": {"numberOfSucceededThings": max(1, a_minute)},
        }
    }
    stop = {
        "failureType": "ALL",
        "action": "CANCEL",
        "thresholdPercentage": FAILED_PERCENT,
        "minNumberOfExecutedThings": FAILED_OF,
    }
    return {
        "jobId": name,
        "targets": targets,
        "targetSelection": "SNAPSHOT",
        "description": f"Toolcrib {version}",
        "document": json.dumps({"kind": KIND, "version": version, "manifest": manifest, "url": url}),
        "jobExecutionsRolloutConfig": pace,
        "abortConfig": {"criteriaList": [stop]},
        "timeoutConfig": {"inProgressTimeoutInMinutes": TIMEOUT_MINUTES},
    }


def _named(wheel: Path) -> str:
    """Return `name==version` of a wheel, as its file name says (PEP 427)."""
    name, version, *_ = wheel.name.split("-")
    return f"{name.replace('_', '-')}=={version}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
