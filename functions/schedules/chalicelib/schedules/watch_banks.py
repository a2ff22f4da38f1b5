"""Every five minutes: banks that fell silent and reports that never came are told of (safety.md, I9)."""

from datetime import datetime

from chalicelib.schedules import watch_certificates, watch_charge, watch_rooms
from chalicelib.schedules.watching import Watched, watch
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.record import replace
from toolcrib.flows import excuse_loans
from toolcrib.flows.deciding import commit_once
from toolcrib.store.banks import find_bank, list_bank_ids, note_watched
from toolcrib.store.rulebook import book_with_site
from toolcrib.telemetry import count, record


def handle(org: str, *, now: datetime) -> dict[str, int]:
    """Look after every bank of an org.

    Returns how many were looked at, are silent, how many cases that opened, and how many late loans it excuses; and of
    sites how many have too little room for what is due, or have it again, and of things how many lie uncharged where
    they do not charge, or do so no more.
    """
    tally = {"banks": 0, "silent": 0, "cases": 0, "excused": 0}
    every: list[Bank] = []
    looked_at: list[Bank] = []
    for bank_id in list_bank_ids(org):
        bank = find_bank(org, bank_id)
        if bank is None:
            continue
        every.append(bank)
        seen = watch(bank, now)
        if seen is None:
            continue
        tally["banks"] += 1
        tally["silent"] += seen.silent
        tally["cases"] += len(seen.cases)
        tally["excused"] += _look(org, bank, seen, now)
        looked_at.append(replace(bank, silent=seen.silent))
    book = book_with_site(org, *{bank.site for bank in every})
    tally["rooms"] = watch_rooms.handle(org, looked_at, book.sites, now=now)
    tally["charges"] = watch_charge.handle(org, every, book.types, now=now)
    count("SilentBanks", tally["silent"])
    watch_certificates.handle(org, every, now=now)
    record("watch_banks", org=org, outcome=f"{tally['banks']} banks, {tally['silent']} silent")
    return tally


def _look(org: str, bank: Bank, seen: Watched, now: datetime) -> int:
    """Carry out what a look came to; returns how many late loans that excuses.

    The bank's own record comes last: a look that breaks off is made again, and an outage that is over is over but once.
    """
    for case in seen.cases:
        commit_once(org, Change(op=case.id, at=now, cases=(case,)))
    excused = excuse_loans.of_bank(org, replace(bank, outages=seen.outages), now) if _in_trouble(bank, seen) else 0
    if (seen.silent, seen.checkpoint, seen.outages) != (bank.silent, bank.checkpoint, bank.outages):
        note_watched(org, bank, silent=seen.silent, checkpoint=seen.checkpoint, outages=seen.outages)
    return excused


def _in_trouble(bank: Bank, seen: Watched) -> bool:
    """Whether an outage goes on, or has just been found to be over."""
    return seen.outages != bank.outages or any(outage.until is None for outage in seen.outages)
