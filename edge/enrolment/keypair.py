"""The board's own key: made here, kept here, and a request that proves it without showing it."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edge.enrolment.answer import EnrolmentError


def new_key() -> bytes:
    """Return a fresh P-256 key in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def signing_request(key: bytes, bank: str) -> str:
    """Return a certificate signing request in PEM for a bank; the cloud decides the certificate's name."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, bank)])
    private = serialization.load_pem_private_key(key, password=None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(private, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def must_belong(certificate: bytes, key: bytes, what: str) -> x509.Certificate:
    """Return the certificate; raises EnrolmentError when it was made for another key."""
    try:
        found = x509.load_pem_x509_certificate(certificate)
        private = serialization.load_pem_private_key(key, password=None)
    except ValueError:
        raise EnrolmentError(f"{what} or its key is not PEM: enrol anew") from None
    if found.public_key() != private.public_key():
        raise EnrolmentError(f"{what} was made for another key than the one on this board: enrol anew")
    return found


def read_certificate(certificate: Path, key: Path) -> x509.Certificate:
    """Return a bank's certificate, held against its key; raises EnrolmentError."""
    return must_belong(certificate.read_bytes(), key.read_bytes(), str(certificate))
