"""Whether the controller really answers: its clock is kept, its journal can be read. Only that feeds the watchdog."""

import asyncio
import logging
from typing import Final

from edge.bank import Bank
from edge.clock import Clock
from edge.service.systemd import Notifier

log = logging.getLogger(__name__)
LATE_MS: Final = 5_000  # what is due and was not done for so long is not going to be


def is_alive(bank: Bank, clock: Clock) -> bool:
    """Whether the bank does what is due. Raises sqlite3.Error when its journal cannot be read."""
    bank.journal.depth()
    due_ms = bank.due_at_ms()
    return due_ms is None or clock().mono_ms - due_ms < LATE_MS


async def feed(bank: Bank, clock: Clock, notifier: Notifier) -> None:
    """Feed the watchdog for as long as the bank is alive; a bank that hangs is ended and begun again by systemd."""
    every_s = notifier.feed_every_s
    while every_s is not None:
        if is_alive(bank, clock):
            notifier.tell(watchdog=1, status=described(bank))
        else:
            log.error("the controller is behind: the watchdog is not fed")
        await asyncio.sleep(every_s)


def described(bank: Bank) -> str:
    """Return a line for `systemctl status`."""
    link = "connected" if bank.connected else "not connected"
    return f"{bank.config.thing} {link}, reports waiting: {bank.journal.depth()}"
