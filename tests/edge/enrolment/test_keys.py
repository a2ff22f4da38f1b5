"""Whether a certificate is one for a key."""

from base64 import b64encode
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edge.enrolment.keys import fits, new_key
from tests.edge.network import Authority


@pytest.fixture
def issued(tmp_path: Path) -> tuple[bytes, str]:
    cert, key = Authority(tmp_path).issue("acme:hq-01")
    return key.read_bytes(), cert.read_text()


def test_a_certificate_fits_the_key_it_was_made_for_only(issued: tuple[bytes, str]) -> None:
    key, certificate = issued
    assert fits(key, certificate)
    assert not fits(new_key(), certificate)


def test_what_is_no_certificate_fits_no_key(issued: tuple[bytes, str]) -> None:
    key, certificate = issued
    der = x509.load_pem_x509_certificate(certificate.encode()).public_bytes(Encoding.DER)
    of_another_version = b64encode(der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05", 1)).decode()
    for text in ("", "hello", f"-----BEGIN CERTIFICATE-----\n{of_another_version}\n-----END CERTIFICATE-----\n"):
        assert not fits(key, text)
