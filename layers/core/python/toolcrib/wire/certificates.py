"""What is read out of a certificate: how long it is good, and whose key it carries."""

from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toolcrib.domain.credentials import Certified
from toolcrib.domain.refusals import Invalid


def certified(arn: str, pem: str) -> Certified:
    """Return from when until when a certificate is good."""
    read = x509.load_pem_x509_certificate(pem.encode())
    return Certified(arn=arn, since=read.not_valid_before_utc, until=read.not_valid_after_utc)


def key_of(pem: str) -> EllipticCurvePublicKey:
    """Return the P-256 key of a certificate, to which something can be sealed; raises `Invalid` for any other."""
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise Invalid(code="bad_csr", detail="the key of the certificate is not on P-256")
    return key


def fingerprint(key: EllipticCurvePublicKey) -> str:
    """Return the SHA-256 of a key, by which it is known again in another certificate."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
