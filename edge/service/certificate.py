"""The bank's certificate is renewed beside everything else: whatever fails in that is logged, and the bank goes on."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_random_exponential

from edge.bank import Bank
from edge.clock import Clock
from edge.enrolment import identity, provisioning
from edge.enrolment.provisioning import Ask
from edge.enrolment.renewal import Renewal, Try
from edge.settings.schema import BankFile

log = logging.getLogger(__name__)
FIRST_PAUSE_S: Final = 10
MAX_PAUSE_S: Final = 3_600


class Certificate:
    """What looks after one bank's certificate; `topics` is what it has to hear."""

    def __init__(self, root: Path, template: str, attempt: Try | None = None) -> None:
        self._root, self._template, self._attempt = root, template, attempt
        self.topics: Sequence[str] = provisioning.topics(template) if template else ()

    @classmethod
    def of(cls, file: BankFile) -> Self:
        """Make the one that settings ask for; what they do not say about it, enrolment did."""
        root = Path(file.files.identity)
        return cls(root, file.broker.template or identity.read(root).template)

    async def keep(self, bank: Bank, ask: Ask, clock: Clock) -> None:
        """Renew for ever, asking over the bank's connection; returns at once where nobody said by what template."""
        if not self._template:
            log.warning("the certificate is not renewed: set broker.template, or enrol by claim")
            return
        renewal = Renewal(
            self._root,
            self._template,
            ask,
            now=cloud_time(bank, clock),
            idle=lambda: bank.idle(clock()),
            attempt=self._attempt,
        )
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Exception),
            wait=wait_random_exponential(multiplier=FIRST_PAUSE_S, max=MAX_PAUSE_S),
            before_sleep=before_sleep_log(log, logging.ERROR),
        ):
            with attempt:
                await renewal.run()


def cloud_time(bank: Bank, clock: Clock) -> Callable[[], datetime | None]:
    """Return what tells the cloud's time, None while it is not trusted."""

    def now() -> datetime | None:
        cloud_ms = bank.base.cloud_ms(clock())
        return None if cloud_ms is None else datetime.fromtimestamp(cloud_ms / 1000, UTC)

    return now
