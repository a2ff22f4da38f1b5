"""Who a board is, as it lies on its disk: one folder for each certificate, and a link to the one that holds.

    identity/
      current -> 3f9a…    the certificate's id, shortened
      3f9a…/              key.pem  cert.pem  ca.pem  bank.json  claim.sha256  template
      next/               a key, later with its certificate, that is not the board's yet

A folder is complete before `current` points to it, and nothing in it changes afterwards. So whenever the power goes the
board is who it was, or who it was to become, with a key that fits its certificate.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec
from cryptography import x509

from edge import durable

CURRENT: Final = "current"
BANK: Final = "bank.json"
NEXT: Final = "next"
CLAIMED_BY: Final = "claim.sha256"
TEMPLATE: Final = "template"
MOST_CHARACTERS_OF_A_NAME: Final = 16

Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F]{64}$(?!\n)")]


class NotEnrolledError(LookupError):
    """The board is no bank yet, or its folder cannot be read; says what to do."""


class BadgeKey(msgspec.Struct, frozen=True, kw_only=True):
    """The org's badge key in hex."""

    version: str
    hex: Hex


class Mqtt(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bank connects."""

    host: str
    port: int


class Keys(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the cloud hands out once: the thing this board is, and its keys in hex.

    `former_badge_key` may be added by hand while the org changes its badge key.
    """

    thing: str
    kid: str
    command_key: Hex
    badge_key: BadgeKey
    mqtt: Mqtt
    former_badge_key: BadgeKey | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a controller needs to be its bank; files are paths through `current`, so a renewal is found there.

    `template` is by what its certificate is renewed; empty where enrolment did not tell.
    """

    keys: Keys
    key: Path
    cert: Path
    ca: Path
    template: str = ""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate it shows now."""
        return x509.load_pem_x509_certificate(self.cert.read_bytes())


def read(root: Path) -> Identity:
    """Return who this board is; raises NotEnrolledError."""
    here = root / CURRENT
    try:
        keys = msgspec.json.decode((here / BANK).read_bytes(), type=Keys)
    except (OSError, msgspec.DecodeError) as error:
        raise NotEnrolledError(f"{root} holds no enrolled bank ({error}): run `toolcrib-bank enrol`") from error
    return Identity(
        keys=keys, key=here / "key.pem", cert=here / "cert.pem", ca=here / "ca.pem", template=_line(here / TEMPLATE)
    )


def take_on(
    root: Path, *, key: bytes, certificate: str, ca: bytes, keys: Keys, by: str = "", template: str = ""
) -> Identity:
    """Become somebody, at one instant; folders that were there before go. `by` is the digest of the claim, if any."""
    name = certificate_id(certificate)[:MOST_CHARACTERS_OF_A_NAME]
    place = durable.folder(root / name)
    for file, content in (
        ("key.pem", key),
        ("cert.pem", certificate.encode()),
        ("ca.pem", ca),
        (BANK, msgspec.json.encode(keys)),
        (CLAIMED_BY, by.encode()),
        (TEMPLATE, template.encode()),
    ):
        durable.put(place / file, content)
    durable.point(root / CURRENT, name)
    tidy(root)
    return read(root)


def claimed_by(root: Path) -> str:
    """Return the digest of the claim by which the board became who it is; empty where it was another way."""
    return _line(root / CURRENT / CLAIMED_BY)


def _line(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def tidy(root: Path) -> None:
    """Remove what is not in use any more; a next key that has not been taken on stays."""
    for old in list(_left(root)):
        durable.remove(old)


def _left(root: Path) -> Iterator[Path]:
    present = (root / CURRENT).resolve().name
    own = root / CURRENT / "key.pem"
    for each in root.iterdir():
        if each.name in {CURRENT, present}:
            continue
        if each.name != NEXT or _same(each / "key.pem", own):
            yield each


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.read_bytes() == other.read_bytes()


def certificate_id(certificate: str) -> str:
    """Return IoT Core's id of a certificate: the SHA-256 of its DER form, in hex."""
    from cryptography.hazmat.primitives.hashes import SHA256

    return x509.load_pem_x509_certificate(certificate.encode()).fingerprint(SHA256()).hex()


def next_key(root: Path, make: bytes) -> bytes:
    """Return the key of the certificate to come: the one that was made before, or `make`, which is kept from now on."""
    place = durable.folder(root / NEXT) / "key.pem"
    if not place.exists():
        durable.put(place, make)
    return place.read_bytes()
