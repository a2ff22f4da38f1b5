"""A cloud that signs what a board asks for, as `POST /v1/banks/{id}/enrolment` does."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

COMMAND_KEY, BADGE_KEY = "11" * 32, "22" * 32


def answer(csr: str, *, thing: str = "acme:hq-07", days: int = 365) -> bytes:
    request = x509.load_pem_x509_csr(csr.encode())
    assert request.is_signature_valid
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test CA")]),
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, thing)]),
        public_key=request.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=400),
        not_valid_after=now + timedelta(days=days),
    ).sign(key, hashes.SHA256())
    body: dict[str, Any] = {
        "thing": thing,
        "certificate": certificate.public_bytes(Encoding.PEM).decode(),
        "ca": "-----BEGIN CERTIFICATE-----\nca\n-----END CERTIFICATE-----\n",
        "kid": "3",
        "command_key": COMMAND_KEY,
        "badge_key": {"version": "1", "hex": BADGE_KEY},
        "mqtt": {"host": "broker.example", "port": 443},
    }
    return json.dumps(body).encode()
