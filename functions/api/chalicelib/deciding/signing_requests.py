"""A controller's certificate signing request, checked before anybody signs it."""

from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding

from toolcrib.domain.refusals import Invalid

LEAST_RSA_BITS: Final = 2048
MOST_RSA_BITS: Final = 4096  # beyond it IoT Core and small controllers only get slower

ADVICE: Final = "Make a new P-256 key in the controller and a request signed with it: `openssl req -new -key ...`."


def checked(text: str) -> str:
    """Return a CSR as clean PEM, exactly one; raises `Invalid` that says what is wrong with it."""
    try:
        request = x509.load_pem_x509_csr(text.encode())
        key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise _refused("it is not a PEM certificate signing request") from None
    if not signed:
        raise _refused("its signature does not fit its key")
    if isinstance(request.signature_hash_algorithm, SHA1):
        raise _refused("it is signed with SHA-1")
    _check_key(key)
    return request.public_bytes(Encoding.PEM).decode()


def _check_key(key: object) -> None:
    if isinstance(key, EllipticCurvePublicKey):
        if not isinstance(key.curve, SECP256R1):
            raise _refused(f"its key is on {key.curve.name}, and only P-256 is taken")
    elif isinstance(key, RSAPublicKey):
        if not LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
            raise _refused(f"its RSA key has {key.key_size} bits, and {LEAST_RSA_BITS} to {MOST_RSA_BITS} are taken")
    else:
        raise _refused("its key is neither EC P-256 nor RSA")


def _refused(why: str) -> Invalid:
    return Invalid(code="bad_csr", detail=f"the CSR is refused: {why}", advice=ADVICE, fields={"csr": why})
