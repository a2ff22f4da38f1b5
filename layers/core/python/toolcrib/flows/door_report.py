"""What a door did: apply it to the grant it names, and acknowledge it once the effect is committed (design.md)."""

from toolcrib.domain.doors import Bank, BankState, Door
from toolcrib.domain.events import instant
from toolcrib.domain.evidence import Evidence, seen
from toolcrib.domain.loans import Loan
from toolcrib.domain.reports.scene import REPEATED, Outcome, Report, Settlement
from toolcrib.domain.reports.settle import settle
from toolcrib.flows import alone_report
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.deciding import commit_report
from toolcrib.flows.turning_away import turn_away
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import acknowledge, publish
from toolcrib.send.words.reader import Reader, reader_of
from toolcrib.store.banks import find_bank_only, load_bank_only
from toolcrib.store.doors import mark_opened
from toolcrib.store.rulebook import book_with_site
from toolcrib.store.scenes import find_door_and_loan, load_scene
from toolcrib.telemetry import count, record
from toolcrib.wire import uploads
from toolcrib.wire.arrivals import Arrival


class _TurnedAway(Exception):  # noqa: N818 - not an error: a report with no say here
    """Leaves the decision early; the report is kept as a case."""

    def __init__(self, bank: Bank | None, code: str) -> None:
        super().__init__(code)
        self.bank, self.code = bank, code


def handle(arrived: Arrival[uploads.Door]) -> None:
    """Apply a door report and tell the bank that it may forget it; what the person should know is said, too."""
    try:
        settlement, reader = until_committed(lambda: _apply(arrived))
    except _TurnedAway as reason:
        turn_away(arrived, reason.bank, reason.code)
        return
    org, bank, upload = arrived.org, arrived.bank, arrived.body.id
    acknowledge(org, bank, upload)
    for told in settlement.told:
        publish(org, bank, notice(upload, told.level, told.code, told.facts, reader))
    count("DoorOutcome", outcome=settlement.name)
    record("door_report", org=org, bank=bank, op=upload, outcome=settlement.name)


def _apply(arrived: Arrival[uploads.Door]) -> tuple[Settlement, Reader]:
    """Return what the report comes to, and how to speak to whoever stands at the door."""
    report = to_report(arrived)
    quick = report.outcome is Outcome.OPENED and report.grant is not None and arrived.body.offline is None
    if quick and _opened(arrived, report):
        return Settlement(name="opened"), Reader(now=arrived.at)
    door, loan = find_door_and_loan(arrived.org, arrived.bank, arrived.body.door, report.grant)
    expected = _is_expected(arrived, door, report.grant)
    bank = None if expected else find_bank_only(arrived.org, arrived.bank)
    refused = _refusal(arrived, door, bank, expected=expected)
    if refused is not None or door is None:
        raise _TurnedAway(bank, refused or "unknown_door")
    if arrived.body.offline is not None and bank is not None:
        return alone_report.apply(arrived, arrived.body.offline, report, door, bank), Reader(now=arrived.at)
    site = bank.site if bank is not None else _site(arrived, loan)
    book = book_with_site(arrived.org, site, loan.site if loan is not None else None)
    settlement = settle(load_scene(arrived.org, report, door, loan, site, book))
    if settlement.change is not None and not commit_report(arrived.org, settlement.change):
        settlement = REPEATED
    language = door.grant.language if door.grant is not None and door.grant.id == report.grant else None
    return settlement, reader_of(language, book.sites.get(site), arrived.at)


def _is_expected(arrived: Arrival[uploads.Door], door: Door | None, grant: str | None) -> bool:
    """Whether a report is about its door's live grant; what a bank did by itself is about none."""
    current = door.grant if door is not None else None
    return arrived.body.offline is None and current is not None and current.id == grant and current.live


def _opened(arrived: Arrival[uploads.Door], report: Report) -> bool:
    """The one report that needs no reading: its grant was issued and is now opened."""
    at = instant(report.opened_at or report.at)
    seq = (report.boot, report.seq or 0)
    return mark_opened(arrived.org, arrived.bank, arrived.body.door, grant=report.grant or "", at=at, seq=seq)


def _site(arrived: Arrival[uploads.Door], loan: Loan | None) -> str:
    """Return where the bank stands: a loan begun at this very bank says so without another read."""
    begun_here = loan is not None and loan.bank == arrived.bank
    return loan.site if loan is not None and begun_here else load_bank_only(arrived.org, arrived.bank).site


def _refusal(arrived: Arrival[uploads.Door], door: Door | None, bank: Bank | None, *, expected: bool) -> str | None:
    """Why a report can never be applied, if so.

    A live grant on its door is proof enough of its bank's standing: revoking a bank ends its grants in the same
    transaction.
    """
    if expected:
        return None
    if bank is None:
        return "unknown_bank"
    if bank.state is not BankState.ACTIVE:
        return "bank_revoked"
    if door is None:
        return "unknown_door"
    return "offline_with_grant" if arrived.body.offline is not None and arrived.body.grant is not None else None


def to_report(arrived: Arrival[uploads.Door]) -> Report:
    """Return an upload in the domain's terms; its times are the cloud's, counted back by the bank's ages."""
    body, level = arrived.body, Evidence(arrived.body.evidence)
    read = level is Evidence.TAGS and body.tags is not None  # a bank without a reader has none to tell of
    tags = tuple(sorted(set(body.tags or ()))) if read else None
    present = body.present if level is not Evidence.DOOR_ONLY else None
    return Report(
        op=body.id,
        at=arrived.at,
        outcome=Outcome(body.outcome),
        grant=body.grant,
        present=present,
        tags=tags,
        evidence=seen(level, present=present, tags=tags),
        boot=body.boot,
        seq=body.seq,
        opened_at=arrived.ago(body.opened_ms),
    )
