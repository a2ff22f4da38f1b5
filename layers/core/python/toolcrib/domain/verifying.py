"""What must hold of the record, as pure checks that name what does not (safety.md, I1 to I3, threats 33 and 35).

Each check yields its faults in the order in which they show; the first is the one to look at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from toolcrib.domain.assets import GENESIS, Asset, Custodian, CustodianKind
from toolcrib.domain.events import CustodyEvent, digest, replay
from toolcrib.domain.faults import CUSTODIANS, EventRow, Fault, GuardRow, Leans, Row, StrayRow
from toolcrib.domain.ids import loan_of
from toolcrib.domain.loans import Loan
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import WrongState
from toolcrib.domain.states import Move, State, step

ONCE_A_GRANT: Final = frozenset({Move.TAKEN, Move.RETURNED})
"""Moves that one grant can make with one asset only once, however many reports speak of it."""


@dataclass
class Followed:
    """How far a ledger was followed: the asset as its events made it, and what they were caused by."""

    asset: Asset
    leans: Leans = field(default_factory=Leans)
    by_op: dict[str, int] = field(default_factory=dict)
    by_grant: dict[tuple[str, Move], int] = field(default_factory=dict)
    unguarded: dict[int, str | None] = field(default_factory=dict)


def check_ledger(asset: Asset, rows: Iterable[Row], leans: Leans | None = None) -> Iterator[Fault]:
    """Yield what does not fit in an asset's ledger, or between it and the asset as it is on record (I2, I3).

    `leans` is filled with what `check_leans` has to find elsewhere.
    """
    so_far = Followed(asset=before_its_first_event(asset), leans=leans or Leans())
    for row in rows:
        if isinstance(row, StrayRow):
            yield _fault("I2", asset, f"there is a stray item {row.key} in its ledger")
        elif isinstance(row, GuardRow):
            if so_far.by_op.get(row.op) != row.seq:
                yield _fault("I3", asset, f"the guard of {row.op} stands beside event {row.seq}, which is not its own")
            so_far.unguarded.pop(row.seq, None)
        else:
            yield from follow(row, so_far)
    yield from _ends(so_far.asset, asset)
    yield from _guards(so_far)


def check_leans(asset: Asset, leans: Leans, loans: Mapping[str, Loan]) -> Iterator[Fault]:
    """Yield which loans that an asset's ledger leans on are not there, or do not remember what they should."""
    for missing in sorted(leans.loans - loans.keys()):
        yield _fault("references", asset, f"its events name loan {missing}, which there is not")
    for number, grant in sorted(leans.grants.items()):
        if not _remembered(grant, loans):
            yield _fault("I3", asset, f"event {number} has no guard, and no loan remembers its grant {grant}")


def before_its_first_event(asset: Asset) -> Asset:
    """Return the asset as a replay begins: described, and nowhere yet."""
    return replace(
        asset,
        state=State.STORED,
        custodian=Custodian.nobody(),
        loan=None,
        unsettled_by=None,
        case=None,
        lent=0,
        lent_at=None,
        version=0,
        head=GENESIS,
    )


def follow(row: EventRow, so_far: Followed) -> Iterator[Fault]:
    """Yield what does not fit in the next event, and go on as if it fitted (I2, I3)."""
    before, event = so_far.asset, row.event
    number = before.version + 1
    if row.key != number:
        yield _fault("I2", before, f"event {number} is missing: the next one there is {row.key}")
    elif event is None or not row.exact:
        yield _fault("I2", before, f"event {number} was altered: it does not read as an event")
    elif (event.asset, event.seq) != (before.id, number):
        yield _fault("I2", before, f"event {number} is out of place: it says it is {event.seq} of {event.asset}")
    elif digest(event) != row.hash or event.hash != row.hash:
        yield _fault("I2", before, f"event {number} was altered: its hash does not fit what it says")
    elif event.prev_hash != before.head:
        yield _fault("I2", before, f"event {number} does not follow event {number - 1}: its prev_hash is another")
    else:
        yield from _meaning(event, before)
        yield from _once(event, so_far)
    after = before if event is None else replay(before, event)
    so_far.asset = replace(after, version=row.key, head=row.hash)


def _meaning(event: CustodyEvent, before: Asset) -> Iterator[Fault]:
    """An event begins where the one before ended, and leads where the state table says."""
    if (event.move is Move.CREATE) is not (event.seq == 1):
        yield _fault("I2", before, f"event {event.seq} is a {event.move}")
        return
    if event.from_ != before.custodian:
        yield _fault("I2", before, f"event {event.seq} takes it from {_who(event.from_)}, not {_who(before.custodian)}")
    if event.to.kind not in CUSTODIANS[event.state]:
        yield _fault("I1", before, f"event {event.seq} leaves it {event.state} with {_who(event.to)}")
    if event.seq > 1 and event.state is not _leads_to(before.state, event):
        yield _fault("I2", before, f"event {event.seq} leads from {before.state} by {event.move} to {event.state}")


def _leads_to(state: State, event: CustodyEvent) -> State | None:
    try:
        at_door = event.to.kind is CustodianKind.DOOR
        return step(state, event.move, at_door=at_door, elsewhere=event.to != event.from_)
    except WrongState:
        return None


def _remembered(grant: str, loans: Mapping[str, Loan]) -> bool:
    """Whether the loan that a grant is of is there and remembers it."""
    loan = loan_of(grant)
    return loan is not None and loan in loans and grant in loans[loan].grants


def _guards(so_far: Followed) -> Iterator[Fault]:
    for number, grant in so_far.unguarded.items():
        if grant is None or (loan := loan_of(grant)) is None:
            yield _fault("I3", so_far.asset, f"event {number} has no guard")
        else:
            so_far.leans.grants[number] = grant
            so_far.leans.loans.add(loan)


def _once(event: CustodyEvent, so_far: Followed) -> Iterator[Fault]:
    """One operation makes one event of an asset, and one grant takes it, or brings it back, once (I3)."""
    asset, first = so_far.asset, so_far.by_op.setdefault(event.op, event.seq)
    so_far.unguarded[event.seq] = event.grant
    if event.loan is not None:
        so_far.leans.loans.add(event.loan)
    if first != event.seq:
        yield _fault("I3", asset, f"event {event.seq} is by {event.op}, which event {first} is by already")
    if event.grant is None or event.move not in ONCE_A_GRANT:
        return
    first = so_far.by_grant.setdefault((event.grant, event.move), event.seq)
    if first != event.seq:
        yield _fault("I3", asset, f"event {event.seq} repeats event {first}: {event.move} under grant {event.grant}")


def _ends(followed: Asset, asset: Asset) -> Iterator[Fault]:
    """A replay of all events gives exactly the state, and version n (I2)."""
    if followed.version != asset.version:
        ledger, state = followed.version, asset.version
        yield _fault("I2", asset, f"its ledger ends at event {ledger}, its state is at version {state}")
    elif followed.head != asset.head:
        yield _fault("I2", asset, f"its state names another head than event {asset.version} has")
    else:
        for name in ("state", "custodian", "loan", "unsettled_by", "case", "lent", "lent_at"):
            if getattr(followed, name) != getattr(asset, name):
                yield _fault("I2", asset, f"its {name} is not what its events say")


def _fault(rule: str, asset: Asset, why: str) -> Fault:
    return Fault(rule=rule, thing=f"asset {asset.id}", why=why)


def _who(custodian: Custodian) -> str:
    place = f" {custodian.id}" if custodian.id else ""
    return f"{custodian.kind}{place}{f', door {custodian.door}' if custodian.door else ''}"
