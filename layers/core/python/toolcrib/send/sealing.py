"""Sealing a bank's keys to the key of its own new certificate, so that only the board that made it can read them.

HPKE (RFC 9180), base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; the text is base64url without padding
of `enc || ciphertext`. The `info` says for which thing and certificate: a box put into another answer does not open
(edge/enrolment/sealed.py is the other end).
"""

from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey


def sealed(plain: bytes, key: "EllipticCurvePublicKey", *, thing: str, certificate: str) -> str:
    """Return `plain` sealed to a P-256 key; `certificate` is the id of the certificate it came in."""
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    box = suite.encrypt(plain, key, info=info(thing, certificate))
    return urlsafe_b64encode(box).rstrip(b"=").decode()


def info(thing: str, certificate: str) -> bytes:
    """Return what a box is bound to; the parts are kept apart."""
    return b"\x00".join((b"toolcrib/v1/enrolment", thing.encode(), certificate.encode()))
