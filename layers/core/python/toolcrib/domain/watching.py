"""Banks that fell silent, and reports that never came."""

from datetime import datetime, timedelta

from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.gaps import Seq, look
from toolcrib.domain.ids import derived
from toolcrib.domain.record import Record

SILENT_AFTER = timedelta(minutes=11)  # two status reports missed, and a minute for the third
MOST_NAMED = 10


class Watched(Record, frozen=True, kw_only=True):
    """What a look at a bank comes to: cases to open, whether it is silent, how far its reports are complete."""

    cases: tuple[Case, ...] = ()
    silent: bool
    checkpoint: Seq | None


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
    return Watched(cases=tuple(cases), silent=silent, checkpoint=heard.checkpoint)


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
