"""Certificate signing requests, as a bank's controller makes them, and certificates as the record names them."""

from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.workplace import NOW
from toolcrib.domain.credentials import Certified


def certified(arn: str, *, since: datetime = NOW, days: float = 8_000) -> Certified:
    return Certified(arn=arn, since=since, until=since + timedelta(days=days))


@cache
def key(name: str = "") -> ec.EllipticCurvePrivateKey:
    """Return a key; the same name is the same key."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def csr(name: str = "") -> str:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return request.sign(key(name), SHA256()).public_bytes(Encoding.PEM).decode()


@cache
def signed(request: str, number: int = 1, *, since: datetime = NOW, days: float = 8_000) -> str:
    """Return the certificate that IoT Core would make of a signing request; each number is another."""
    asked = x509.load_pem_x509_csr(request.encode())
    builder = x509.CertificateBuilder().subject_name(asked.subject).issuer_name(x509.Name([]))
    life = builder.not_valid_before(since).not_valid_after(since + timedelta(days=days))
    made = life.public_key(asked.public_key()).serial_number(number).sign(key("authority"), SHA256())
    return made.public_bytes(Encoding.PEM).decode()


def number(pem: str) -> str:
    """Return IoT Core's id of a certificate."""
    return x509.load_pem_x509_certificate(pem.encode()).fingerprint(SHA256()).hex()
