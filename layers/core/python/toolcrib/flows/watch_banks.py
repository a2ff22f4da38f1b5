"""Every five minutes: banks that fell silent and reports that never came are told of (safety.md, I9)."""

from datetime import datetime

from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.watching import Watched, watch
from toolcrib.flows import excuse_loans
from toolcrib.flows.deciding import commit_once
from toolcrib.store.banks import find_bank, list_bank_ids, note_watched
from toolcrib.telemetry import count, record


def handle(org: str, *, now: datetime) -> dict[str, int]:
    """Look after every bank of an org.

    Returns how many were looked at, are silent, how many cases that opened, and how many late loans it excuses.
    """
    tally = {"banks": 0, "silent": 0, "cases": 0, "excused": 0}
    for bank_id in list_bank_ids(org):
        bank = find_bank(org, bank_id)
        seen = watch(bank, now) if bank is not None else None
        if bank is None or seen is None:
            continue
        tally["banks"] += 1
        tally["silent"] += seen.silent
        tally["cases"] += len(seen.cases)
        _note(org, bank, seen, now)
        tally["excused"] += excuse_loans.of_bank(org, bank_id, now) if _in_trouble(bank, seen) else 0
    count("SilentBanks", tally["silent"])
    record("watch_banks", org=org, outcome=f"{tally['banks']} banks, {tally['silent']} silent")
    return tally


def _in_trouble(bank: Bank, seen: Watched) -> bool:
    """Whether an outage goes on, or has just been found to be over."""
    return seen.outages != bank.outages or any(outage.until is None for outage in seen.outages)


def _note(org: str, bank: Bank, seen: Watched, now: datetime) -> None:
    for case in seen.cases:
        commit_once(org, Change(op=case.id, at=now, cases=(case,)))
    if (seen.silent, seen.checkpoint, seen.outages) != (bank.silent, bank.checkpoint, bank.outages):
        note_watched(org, bank, silent=seen.silent, checkpoint=seen.checkpoint, outages=seen.outages)
