"""Banks that fell silent, reports that never came, and when a bank could take nothing back."""

from datetime import datetime, timedelta

from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.gaps import Seq, look
from toolcrib.domain.ids import derived
from toolcrib.domain.outages import Outage, OutageKind, begun, over, running
from toolcrib.domain.record import Record

SILENT_AFTER = timedelta(minutes=11)  # two status reports missed, and a minute for the third
MOST_NAMED = 10
JAM_NOTICED = timedelta(minutes=11)  # two looks at a bank: a jam is seen although one of them did not happen


class Watched(Record, frozen=True, kw_only=True):
    """What a look at a bank comes to: cases to open, whether it is silent, how far its reports are complete.

    `outages` is the bank's record of when it could take nothing back, with what began or ended since.
    """

    cases: tuple[Case, ...] = ()
    silent: bool
    checkpoint: Seq | None
    outages: tuple[Outage, ...] = ()


def watch(bank: Bank, now: datetime) -> Watched | None:
    """Return what is new about a bank that is in service; None where there is nothing to look at."""
    if bank.state is not BankState.ACTIVE:
        return None
    seen = [*bank.seqs, *(seq for door in bank.doors for seq in door.seqs)]
    heard = look(bank.checkpoint, (seq for seq in seen if bank.checkpoint is None or seq > bank.checkpoint))
    silent = bank.last_seen_at is not None and now - bank.last_seen_at > SILENT_AFTER
    cases = [_silent(bank, now)] if silent and not bank.silent else []
    if heard.missing:
        cases.append(_gap(bank, heard.missing, now))
    outages = _outages(bank, now, silent=silent)
    return Watched(cases=tuple(cases), silent=silent, checkpoint=heard.checkpoint, outages=outages)


def _outages(bank: Bank, now: datetime, *, silent: bool) -> tuple[Outage, ...]:
    """Return the record of outages: a silence began with the last word; what was full or jammed may have room again.

    That is noticed with the next look only, a few minutes late: to the good of whoever is late.
    """
    if silent:
        return begun(bank.outages, Outage(kind=OutageKind.SILENT, since=bank.last_seen_at or now))
    outages = over(bank.outages, OutageKind.SILENT, now)
    for kind in (OutageKind.FULL, OutageKind.JAMMED):
        out = running(outages, kind)
        if out is not None and _room(bank, out.size):
            outages = over(outages, kind, now)
    jam = max((jam for door in bank.doors for jam in door.jams if now - jam < JAM_NOTICED), default=None)
    stuck = jam is not None and not _room(bank, None)
    return begun(outages, Outage(kind=OutageKind.JAMMED, since=jam or now)) if stuck else outages


def _room(bank: Bank, size: str | None) -> bool:
    return any(door.takes(size) for door in bank.doors)


def _silent(bank: Bank, now: datetime) -> Case:
    last = bank.last_seen_at.isoformat() if bank.last_seen_at else ""
    return Case(
        id=derived("case", "silent", bank.id, last),
        kind=CaseKind.SILENT_BANK,
        opened_at=now,
        site=bank.site,
        bank=bank.id,
        detail=f"last heard {last}",
    )


def _gap(bank: Bank, missing: tuple[Seq, ...], now: datetime) -> Case:
    named = ", ".join(f"{boot}/{seq}" for boot, seq in missing[:MOST_NAMED])
    first_boot, first_seq = missing[0]
    return Case(
        id=derived("case", "gap", bank.id, str(bank.generation), str(first_boot), str(first_seq)),
        kind=CaseKind.SEQUENCE_GAP,
        opened_at=now,
        site=bank.site,
        bank=bank.id,
        detail=f"{len(missing)} reports missing (boot/number): {named}",
    )
