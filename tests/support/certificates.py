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
def csr() -> str:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return request.sign(ec.generate_private_key(ec.SECP256R1()), SHA256()).public_bytes(Encoding.PEM).decode()
