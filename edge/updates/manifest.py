"""What a release is: a manifest signed with the publisher's Ed25519 key, and a bundle that it names by digest.

The manifest is a compact JWS (EdDSA; `kid` names the key). Nobody who can only send a job, or answer for the place the
bundle lies in, can put software on a bank: the key that signs is in neither.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Final

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MOST_CHARACTERS: Final = 4_096
MOST_BYTES: Final = 256 * 1024 * 1024  # of a bundle; what a bank is made of today is a tenth of that
ALGORITHM: Final = "EdDSA"
_VERSION: Final = r"^(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){1,3}$(?!\n)"
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}", re.ASCII)

ReleaseKeys = dict[str, Ed25519PublicKey]
Version = Annotated[str, msgspec.Meta(pattern=_VERSION, max_length=27)]


class NotSignedError(ValueError):
    """No key this board knows signed exactly this; says why."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A release: its version, its bundle's digest and size, and the lowest version that may ever follow it.

    `forced` lets it be installed below that: the signer says so, not whoever sends it.
    """

    version: Version
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
    bytes: Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES)]
    least: Version = "0.0"
    forced: bool = False


def verified(token: str, keys: Mapping[str, Ed25519PublicKey]) -> Manifest:
    """Return the manifest that one of `keys` (by `kid`) signed; raises NotSignedError for anything else."""
    if len(token) > MOST_CHARACTERS or not _COMPACT.fullmatch(token):
        raise NotSignedError("it is not a compact JWS")
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise NotSignedError("this board knows no such key")
        signed: bytes = jwt.api_jws.decode(token, key, algorithms=[ALGORITHM])
        return msgspec.json.decode(signed, type=Manifest)
    except (jwt.PyJWTError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotSignedError(type(error).__name__) from error


def release_keys(paths: Iterable[Path]) -> ReleaseKeys:
    """Return the keys of PEM files by name; raises NotSignedError for the first that holds none."""
    return dict(map(release_key, paths))


def release_key(path: Path) -> tuple[str, Ed25519PublicKey]:
    """Return name and key of a PEM file; the file's name without its suffix is the `kid`. Raises NotSignedError."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NotSignedError(f"{path} holds no public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NotSignedError(f"{path} holds no Ed25519 key")
    return path.stem, key


def order(version: str) -> tuple[int, ...]:
    """Return what versions are compared by; 1.2 and 1.2.0 are the same."""
    parts = tuple(int(part) for part in version.split("."))
    return parts + (0,) * (4 - len(parts))


def refusal(new: Manifest, *, running: str, least: str) -> str | None:
    """Return why a release is not installed, or None.

    `running` is the version that runs, `least` the highest lowest version that any release here ever named.
    """
    if order(new.version) == order(running):
        return None if new.forced else f"{running} runs already"
    if order(new.version) < order(least) and not new.forced:
        return f"{new.version} is older than {least}, below which nothing is installed here"
    return None
