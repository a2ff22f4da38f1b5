"""Banks that should have renewed their certificate long ago are counted, and an alarm rings (docs/runbook.md)."""

from collections.abc import Iterable
from datetime import datetime

from toolcrib.domain.certifying import late
from toolcrib.domain.doors import Bank
from toolcrib.telemetry import count, record


def handle(org: str, banks: Iterable[Bank], *, now: datetime) -> int:
    """Count the banks in service whose renewal is late, and name each in the log; returns how many there are."""
    waiting = [bank for bank in banks if late(bank, now)]
    for bank in waiting:
        record("certificate", org=org, bank=bank.id, outcome="late")
    count("CertificatesLate", len(waiting), org=org)
    return len(waiting)
