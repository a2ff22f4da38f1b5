"""When a bank renews its certificate (the cloud keeps the same times: toolcrib/domain/credentials.py)."""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

RENEWED_AFTER: Final = timedelta(days=365)  # AWS IoT signs until 2049; a key on a wall does not stay secret for so long


def due_at(certificate: x509.Certificate) -> datetime:
    """Return when a certificate is to be renewed: a third of its life is left, or it is a year old."""
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return min(until - (until - since) / 3, since + RENEWED_AFTER)
