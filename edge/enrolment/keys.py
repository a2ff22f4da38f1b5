"""The board's own key, its signing request, and the box with the bank's keys that only it can open."""

from base64 import urlsafe_b64decode

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class UnreadableError(ValueError):
    """A key, a certificate or a box is not what it should be; says what, never what is in it."""


def new_key() -> bytes:
    """Return a new P-256 key in PEM; it never leaves the board."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def signing_request(key: bytes, name: str) -> str:
    """Return a CSR for a key in PEM. The name in it decides nothing."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(_read(key), SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def fits(key: bytes, certificate: str) -> bool:
    """Whether a certificate in PEM is one for this key."""
    try:
        theirs = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    except (ValueError, x509.InvalidVersion):
        return False
    ours = _read(key).public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return ours.public_bytes(*form) == theirs.public_bytes(*form)


def opened(box: str, key: bytes, *, thing: str, certificate_id: str) -> bytes:
    """Return what the cloud sealed to this key for this thing and certificate; raises UnreadableError.

    HPKE (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base64url of `enc || ciphertext`.
    """
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    info = b"\x00".join((b"toolcrib/v1/enrolment", thing.encode(), certificate_id.encode()))
    try:
        return suite.decrypt(urlsafe_b64decode(box + "=" * (-len(box) % 4)), _read(key), info=info)
    except (InvalidTag, ValueError) as error:
        raise UnreadableError(
            f"the bank's keys do not open: they are for another key, thing or certificate: {error}"
        ) from error


def _read(key: bytes) -> EllipticCurvePrivateKey:
    try:
        read = load_pem_private_key(key, password=None)
    except (ValueError, TypeError) as error:
        raise UnreadableError("the board's key cannot be read") from error
    if not isinstance(read, EllipticCurvePrivateKey):
        raise UnreadableError("the board's key is no P-256 key")
    return read
