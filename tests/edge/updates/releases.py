"""Releases in a test: signed manifests, and bundles they name."""

import hashlib
import io
import tarfile
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLISHER = Ed25519PrivateKey.generate()
KEYS = {"publisher": PUBLISHER.public_key()}
WHEEL = b"not really a wheel"


def bundle(files: dict[str, bytes] | None = None) -> bytes:
    """Return a tar of files."""
    held = {"requirements.txt": b"edge", "edge-1.0-py3-none-any.whl": WHEEL} if files is None else files
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


BUNDLE = bundle()


def manifest(version: str = "1.1", *, key: Any = PUBLISHER, kid: str = "publisher", **more: Any) -> str:
    """Return a manifest as the publisher signs it."""
    said = {"version": version, "sha256": hashlib.sha256(BUNDLE).hexdigest(), "bytes": len(BUNDLE), **more}
    return jwt.encode(said, key, algorithm="EdDSA", headers={"kid": kid})
