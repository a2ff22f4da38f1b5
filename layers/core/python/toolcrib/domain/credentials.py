"""What a bank's record says of its credentials: the right of a board to become it, and how long a certificate is good.

Neither is a secret: a claim is kept by its token's digest, a certificate by its ARN.
"""

from datetime import datetime, timedelta
from typing import Final

from toolcrib.domain.record import Record

RENEWED_AFTER: Final = timedelta(days=365)
PATIENCE: Final = timedelta(days=30)  # a bank that is offline over a holiday renews when it is back


class Claim(Record, frozen=True, kw_only=True):
    """The right of one board to become this bank, until a moment; `key_sha256` is whose it is, once it was used."""

    token_sha256: str
    until: datetime
    key_sha256: str | None = None


class Certified(Record, frozen=True, kw_only=True):
    """A certificate by its ARN, and from when until when it is good."""

    arn: str
    since: datetime
    until: datetime

    @property
    def due_at(self) -> datetime:
        """When the controller is to renew it: a third of the life is left, or it is a year old."""
        return min(self.until - (self.until - self.since) / 3, self.since + RENEWED_AFTER)

    @property
    def late_at(self) -> datetime:
        """When a renewal that did not happen is somebody's business; always before the certificate ends."""
        return self.due_at + min(PATIENCE, (self.until - self.due_at) / 2)
