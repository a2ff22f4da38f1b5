"""What must hold of the whole record at any moment (safety.md, I1 to I3), and what ties its parts together.

`check` reads every item of both tables and raises `AssertionError` with everything that does not fit.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support import workplace
from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.doors import REPORT_DEADLINE, Bank, Content, Door, Purpose
from toolcrib.domain.endings import next_look
from toolcrib.domain.events import CustodyEvent, digest, replay
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Person
from toolcrib.domain.record import replace
from toolcrib.domain.renewing import earliest
from toolcrib.domain.states import Move, State, step
from toolcrib.store import items, keys, mapping
from toolcrib.store.ledger import EventItem, OperationItem, from_record
from toolcrib.store.tables import LedgerItem, StateItem, connection

_K, _S = CustodianKind, State
PLACES: Mapping[State, frozenset[CustodianKind]] = {
    _S.STORED: frozenset({_K.SITE}),
    _S.STOWED: frozenset({_K.DOOR}),
    _S.ON_LOAN: frozenset({_K.PERSON}),
    _S.UNCONFIRMED: frozenset({_K.PERSON, _K.DOOR}),
    _S.IN_REPAIR: frozenset({_K.WORKSHOP, _K.DOOR}),
    _S.MISSING: frozenset({_K.NOBODY}),
    _S.LOST: frozenset({_K.NOBODY}),
    _S.RETIRED: frozenset({_K.NOBODY}),
}
RUNNING = frozenset({LoanState.OPEN, LoanState.PENDING})


@dataclass(frozen=True, kw_only=True)
class Record:
    """Both tables, by kind and id."""

    assets: Mapping[str, Asset]
    banks: Mapping[str, Bank]
    doors: Mapping[tuple[str, int], Door]
    loans: Mapping[str, Loan]
    people: Mapping[str, Person]
    cases: Mapping[str, Case]
    raw: Mapping[tuple[str, str], StateItem]
    events: Mapping[str, list[CustodyEvent]]
    guards: frozenset[tuple[str, str]]


def read() -> Record:
    """Read everything there is of the workplace's org."""
    connection()
    return record(StateItem.scan(consistent_read=True), list(LedgerItem.scan(consistent_read=True)))


def record(state: Iterable[StateItem], ledger: Sequence[LedgerItem]) -> Record:
    """Return what all items of both tables say."""
    raw = {(item.pk, item.sk): item for item in state}
    events: dict[str, list[CustodyEvent]] = {}
    for item in sorted((each for each in ledger if isinstance(each, EventItem)), key=lambda each: each.sk):
        event = from_record(item.record | {"hash": item.hash})
        events.setdefault(event.asset, []).append(event)
    guards = (item for item in ledger if isinstance(item, OperationItem))
    return Record(
        assets={each.id: each for each in _all(raw, items.AssetItem, mapping.to_asset)},
        banks={each.id: each for each in _all(raw, items.BankItem, mapping.to_bank)},
        doors={(each.bank, each.number): each for each in _all(raw, items.DoorItem, mapping.to_door)},
        loans={each.id: each for each in _all(raw, items.LoanItem, mapping.to_loan)},
        people={each.id: each for each in _all(raw, items.PersonItem, mapping.to_person)},
        cases={each.id: each for each in _all(raw, items.CaseItem, mapping.to_case)},
        raw=raw,
        events=events,
        guards=frozenset((item.pk.rsplit("#", 1)[1], item.sk.removeprefix("OP#")) for item in guards),
    )


def _all(raw: Mapping[Any, StateItem], kind: type[StateItem], make: Any) -> list[Any]:
    return [make(item) for item in raw.values() if isinstance(item, kind)]


def check() -> None:
    """Raise `AssertionError` unless every invariant holds."""
    wrong = list(violations(read()))
    assert not wrong, "\n".join(["the record contradicts itself:", *wrong])


def violations(record: Record, *, under_way: bool = False) -> Iterator[str]:
    """Yield whatever does not fit, in words; `under_way` when somebody may be between two commits that go together."""
    rules = (_custody, _contents, _chains, _operations, _loans, _out, _holdings, _locks, _cases, _agenda)
    for rule in rules if under_way else (*rules, _told):
        yield from (f"{rule.__name__.removeprefix('_')}: {each}" for each in rule(record))


def _custody(record: Record) -> Iterator[str]:
    """I1: every asset has one custodian of a kind that its state allows."""
    for asset in record.assets.values():
        if asset.custodian.kind not in PLACES[asset.state]:
            yield f"{asset.id} is {asset.state} with {asset.custodian}"
        listed = [key for key, door in record.doors.items() for each in door.contents if each.asset == asset.id]
        place = asset.custodian
        in_door = asset.state is State.STOWED or (asset.state is State.IN_REPAIR and place.kind is _K.DOOR)
        expected = [(place.id, place.door)] if in_door else []
        if listed != expected:
            yield f"{asset.id} is {asset.state} at {place}, listed in {listed}"


def _contents(record: Record) -> Iterator[str]:
    """I1: no door holds more than its capacity, and what it says of a thing is true."""
    for key, door in record.doors.items():
        if len(door.contents) > door.capacity:
            yield f"{key} holds {len(door.contents)} of {door.capacity}"
        for each in door.contents:
            asset = record.assets[each.asset]
            if each != Content.of(asset, each.since):
                yield f"{key} lists {each}, which is {asset}"


def _chains(record: Record) -> Iterator[str]:
    """I2: the ledger, replayed, is the state; no gap, no repeat, every hash fits."""
    for asset in record.assets.values():
        events = record.events.get(asset.id, [])
        if [event.seq for event in events] != list(range(1, asset.version + 1)):
            yield f"{asset.id} has version {asset.version} and events {[event.seq for event in events]}"
        known = replace(
            asset,
            state=State.STORED,
            custodian=Custodian.nobody(),
            loan=None,
            unsettled_by=None,
            case=None,
            lent=0,
            lent_at=None,
            version=0,
            head="",
        )
        for event in events:
            yield from _link(known, event)
            known = replay(known, event)
        if known != asset:
            yield f"{asset.id} is {asset}, replayed {known}"
    for asset_id in record.events.keys() - record.assets.keys():
        yield f"events of {asset_id}, which is not there"


def _link(before: Asset, event: CustodyEvent) -> Iterator[str]:
    if event.prev_hash != before.head or event.hash != digest(event):
        yield f"event {event.seq} of {event.asset} does not fit its chain"
    if event.move is Move.CREATE:
        return
    if event.from_ != before.custodian:
        yield f"event {event.seq} of {event.asset} is from {event.from_}, it was with {before.custodian}"
    at_door, moved = event.to.kind is _K.DOOR, event.to != before.custodian
    if step(before.state, event.move, at_door=at_door, elsewhere=moved) is not event.state:
        yield f"event {event.seq} of {event.asset}: {before.state} by {event.move} is not {event.state}"


def _operations(record: Record) -> Iterator[str]:
    """I3: one event per (operation, asset), and a permanent guard for each: a loan's memory or `OP#`."""
    remembered = {grant for loan in record.loans.values() for grant in loan.grants}
    for asset_id, events in record.events.items():
        for op, times in Counter(event.op for event in events if not workplace.is_setup(event.op)).items():
            if times > 1:
                yield f"{times} events of {asset_id} by {op}"
        for event in events:
            guarded = event.grant in remembered or (asset_id, event.op) in record.guards
            if not guarded and not workplace.is_setup(event.op):
                yield f"event {event.seq} of {asset_id} by {event.op} has no guard"


def _loans(record: Record) -> Iterator[str]:
    """An asset is out on the loan that says so, and on one only."""
    running: dict[str, list[str]] = {}
    for loan in record.loans.values():
        if loan.state in RUNNING:
            running.setdefault(loan.asset, []).append(loan.id)
        if loan.state is LoanState.CLOSED and (loan.next_step or not loan.returned_at or not loan.taken_at):
            yield f"{loan.id} is closed: {loan}"
        if loan.state is LoanState.CLOSED and loan.returned_at and loan.taken_at and loan.returned_at < loan.taken_at:
            yield f"{loan.id} came back before it was taken: {loan}"
    for asset, loans in running.items():
        if len(loans) > 1:
            yield f"{asset} is out on {loans}"
    for loan in record.loans.values():
        if loan.state is LoanState.OPEN and record.assets[loan.asset].loan != loan.id:
            yield f"{loan.id} is open, its asset is {record.assets[loan.asset]}"


def _out(record: Record) -> Iterator[str]:
    """What an asset says of its loan is true, and what is on loan is with the borrower."""
    for asset in record.assets.values():
        of = record.loans.get(asset.loan or "")
        if asset.loan and (of is None or of.state not in RUNNING or of.asset != asset.id):
            yield f"{asset.id} is said to be out on {asset.loan}: {of}"
        if asset.state is State.ON_LOAN and (
            of is None or of.state is not LoanState.OPEN or asset.custodian != Custodian.person(of.person)
        ):
            yield f"{asset.id} is on loan to {asset.custodian} by {of}"


def _holdings(record: Record) -> Iterator[str]:
    """A person's summary lists their running loans and what was last seen with them, and nothing else."""
    for person in record.people.values():
        running = {loan.id for loan in record.loans.values() if loan.person == person.id and loan.state in RUNNING}
        with_them = Custodian.person(person.id)
        seen = {
            f"x.{asset.id}"
            for asset in record.assets.values()
            if asset.state is State.UNCONFIRMED and asset.custodian == with_them and asset.loan is None
        }
        if set(person.holdings) != running | seen:
            yield f"{person.id} holds {sorted(person.holdings)}, on record are {sorted(running | seen)}"
        for key, held in person.holdings.items():
            yield from _holding(record, key, held)


def _holding(record: Record, key: str, held: Any) -> Iterator[str]:
    loan, asset = record.loans.get(key), record.assets.get(held.asset)
    if asset is None or (held.type, held.name, held.tag) != (asset.type, asset.name, asset.tag):
        yield f"{key} names {held}, on record is {asset}"
    if loan is None:
        return
    allowed = {LoanState.OPEN: {"open"}, LoanState.PENDING: {"pending", "unconfirmed"}}
    if held.kit != (loan.kit.id if loan.kit is not None else None):
        yield f"{key} is held as part of {held.kit}, on record is {loan}"
    if loan.asset != held.asset or held.state not in allowed.get(loan.state, set()):
        yield f"{key} is held as {held}, on record is {loan}"
    if loan.state is LoanState.OPEN and (held.until, held.since) != (loan.due_at, loan.taken_at):
        yield f"{key} is held until {held.until} since {held.since}, on record is {loan}"
    if loan.state is LoanState.OPEN and held.renew_from != earliest(loan):
        yield f"{key} is said to be renewable from {held.renew_from}, on record is {loan}"
    if held.blocks_from != (loan.blocks_from if loan.state is LoanState.OPEN else None):
        yield f"{key} blocks from {held.blocks_from}, on record is {loan}"
    if loan.state is LoanState.OPEN and asset is not None and asset.state is State.LOST and held.lost_since is None:
        yield f"{key} is declared lost, and does not block {held}"


def _locks(record: Record) -> Iterator[str]:
    """A take's grant has its pending loan while it is live, or given up untold; such a loan has one, or its asset."""
    begun = set()
    for key, door in record.doors.items():
        grant = door.grant
        if grant is not None and (grant.live or grant.given_up) and grant.purpose is Purpose.TAKE:
            for part in grant.parts:
                begun.add(part.loan)
                loan = record.loans.get(part.loan or "")
                if loan is None or (loan.bank, loan.door) != key or loan.state is LoanState.VOID:
                    yield f"{key} is locked by {grant.id} for {loan}"
                elif (loan.asset, loan.begun_by) != (part.asset, grant.id):
                    yield f"{key} is locked by {grant.id} for {part}, whose loan is {loan}"
    for loan in record.loans.values():
        if loan.state is LoanState.PENDING and loan.id not in begun and record.assets[loan.asset].loan != loan.id:
            yield f"{loan.id} is pending, no door is locked by it, its asset is {record.assets[loan.asset]}"


def _told(record: Record) -> Iterator[str]:
    """Asset, loan and case know of every grant that ended with its bank's generation."""
    for key, door in record.doors.items():
        if door.grant is not None and door.grant.given_up is not None:
            yield f"{key} was given up with {door.grant.id}, and nobody was told"


def _cases(record: Record) -> Iterator[str]:
    """Whatever is unconfirmed has an open case, unless a person has resolved it; nothing else may."""
    for asset in record.assets.values():
        case = record.cases.get(asset.case or "")
        answered = case is None or (case.state is CaseState.RESOLVED and case.resolved_by == "toolcrib")
        if asset.state is State.UNCONFIRMED and answered:
            yield f"{asset.id} is unconfirmed, its case is {case}"
        if asset.case and case is None:
            yield f"{asset.id} names a case that is not there"


def _agenda(record: Record) -> Iterator[str]:
    """Live grants and next steps stand on the agenda at their time; nothing that is over does."""
    for item in record.raw.values():
        expected = _due(item)
        if expected is not _OTHER and item.agenda_at != expected:
            yield f"{item.pk} {item.sk} is on the agenda at {item.agenda_at}, not {expected}"


_OTHER: Any = object()


def _due(item: StateItem) -> Any:
    if isinstance(item, items.DoorItem):
        grant = mapping.to_door(item).grant
        return keys.moment(grant.authorised_at + REPORT_DEADLINE) if grant is not None and grant.live else None
    if isinstance(item, items.LoanItem):
        loan = mapping.to_loan(item)
        step_due = loan.next_step if loan.state is LoanState.OPEN else None
        return keys.moment(step_due) if step_due is not None else None
    if isinstance(item, items.PersonItem):
        look = next_look(mapping.to_person(item))
        return keys.moment(look) if look is not None else None
    return _OTHER


def custody(events: Iterable[CustodyEvent]) -> list[tuple[str, str | None, str | None, str]]:
    """Return what I9 compares of an asset's events: move, person, grant, evidence."""
    return [(str(event.move), event.person, event.grant, str(event.evidence)) for event in events]
