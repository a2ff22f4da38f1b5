"""Others countersign a return (rules.md, row 13): the door opens first, and a missing countersignature is a case.

Whoever taps at the bank while the door is in use, or within 60 s after it was closed, has countersigned: never who
brought the thing back or whose loan it was. Later it takes a person who resolves the case.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from toolcrib.domain.authorisers import JOIN_WINDOW, Authoriser, Awaiting, lacking, serves, serving
from toolcrib.domain.cases import Case, CaseKind, CaseState, answered
from toolcrib.domain.change import Agreed, Change
from toolcrib.domain.doors import Bank, Door, Grant, Purpose
from toolcrib.domain.draft import Draft
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import Loan
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import replace

HEARD_WITHIN = timedelta(seconds=10)  # as long as a bank waits for an answer (design.md, *conversation*)


def wanting(bank: Bank, who: Authoriser, at: datetime) -> Door | None:
    """Return the door of a return at this bank that `who` can countersign now; None where there is none."""
    return next((door for door in bank.doors if _in_use(door, who) or _just_closed(door, who, at)), None)


def _in_use(door: Door, who: Authoriser) -> bool:
    grant = door.grant
    if grant is None or not grant.live or grant.purpose is not Purpose.RETURN or grant.person == who.person:
        return False
    return any(serves(each, who) for each in lacking(grant.demands, grant.signed)) and _new(who, grant.signed)


def _just_closed(door: Door, who: Authoriser, at: datetime) -> bool:
    awaits = door.awaits
    if awaits is None or at > awaits.until or who.person in {awaits.person, awaits.brought}:
        return False
    return any(serves(each, who) for each in lacking(awaits.demands, awaits.signed)) and _new(who, awaits.signed)


def _new(who: Authoriser, signed: tuple[Authoriser, ...]) -> bool:
    return all(each.person != who.person for each in signed)


def signed_just_now(bank: Bank, who: Authoriser) -> bool:
    """Whether `who` has countersigned a return at this bank a moment ago: whoever hears no answer taps again."""
    return any(
        each.person == who.person and who.at - each.at <= HEARD_WITHIN for door in bank.doors for each in _signers(door)
    )


def _signers(door: Door) -> tuple[Authoriser, ...]:
    grant, awaits = door.grant, door.awaits
    under_way = grant.signed if grant is not None and grant.live and grant.purpose is Purpose.RETURN else ()
    return (*under_way, *(awaits.signed if awaits is not None else ()))


def sign(door: Door, who: Authoriser, case: Case | None, *, op: str) -> Change:
    """Return the change by which somebody countersigns what `wanting` found; `case` is the one that waits for it."""
    if door.grant is not None and _in_use(door, who):
        now = replace(door, grant=replace(door.grant, signed=(*door.grant.signed, who)), version=door.version + 1)
        said = _said(door, who, person=door.grant.person or "", about=door.grant.id)
        return Change(op=op, at=who.at, doors=(now,), agreed=(said,))
    awaits = door.awaits
    if awaits is None:
        raise ValueError(f"nothing at door {door.number} waits for a countersignature")
    signed = replace(awaits, signed=(*awaits.signed, who))
    now = replace(door, awaits=signed, version=door.version + 1)
    answers = case is not None and case.state is CaseState.OPEN and not lacking(signed.demands, signed.signed)
    over = (_over(case, who),) if case is not None and answers else ()
    said = _said(door, who, person=awaits.person, about=awaits.loan)
    return Change(op=op, at=who.at, doors=(now,), cases=over, agreed=(said,))


def proofs(loan: Loan, grant: Grant | None) -> dict[str, str]:
    """Return what the event of a return says of who countersigned it while it was under way."""
    signed = _signed(loan.terms.countersign, loan, grant)
    return {"authorisers": ",".join(sorted(each.person for each in signed))} if signed else {}


def wait(draft: Draft, loans: Sequence[Loan], grant: Grant | None, door: Door, thing: str) -> None:
    """Open the case of a return that lacks a countersignature; a badge within 60 s answers it.

    `loans` are those of one take: one, or those of a kit's parts that came back together.
    """
    demands = tuple(dict.fromkeys(demand for loan in loans for demand in loan.terms.countersign))
    loan, at = loans[0], draft.cause.at
    signed = _signed(demands, loan, grant)
    if not lacking(demands, signed):
        return
    case = draft.open_case(CaseKind.COUNTERSIGNATURE, about=loan.id, asset=loan.asset, loan=loan.id)
    awaits = Awaiting(
        case=case,
        person=loan.person,
        brought=draft.cause.person,
        loan=loan.id,
        thing=thing,
        until=at + JOIN_WINDOW,
        demands=demands,
        signed=signed,
    )
    draft.door(door, awaits=awaits)


def _signed(demands: Sequence[Authorisers], loan: Loan, grant: Grant | None) -> tuple[Authoriser, ...]:
    signed = grant.signed if grant is not None and demands else ()
    brought = grant.person if grant is not None else None
    return tuple(each for each in serving(demands, signed) if each.person not in {loan.person, brought})


def _over(case: Case, who: Authoriser) -> Case:
    over = answered(case, resolution="countersigned", by=who.person, at=who.at, note=None, effect=None)
    return replace(over, version=case.version + 1)


def _said(door: Door, who: Authoriser, *, person: str, about: str) -> Agreed:
    return Agreed(person=person, about=about, said="countersigned", by=who.person, at=who.at, bank=door.bank)


def op_of(org: str, door: Door, who: Authoriser, upload: str) -> str:
    """Return the operation id of a countersignature: the tap that gave it."""
    return derived("countersign", org, door.bank, str(door.number), who.person, upload)
