"""Everything of the state table but assets and tags, as a rebuilt record has it: copied where custody says nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import UNRESOLVED, Bank, Door
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Badge, Holding, Person
from toolcrib.domain.rebuilding.plan import Plan
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.store import keys, mapping
from toolcrib.store.copying import Raw
from toolcrib.store.scan import Broken, Worn, find_records, scan_raw
from toolcrib.store.tables import LedgerItem, StateItem

Item = StateItem | LedgerItem | Raw


@dataclass
class _Copying:
    """How far it is: what of the plan is still to be written, and who is named and was not met."""

    plan: Plan
    loans: dict[str, Loan]
    cases: dict[str, Case]
    named: set[str]
    met: set[str] = field(default_factory=set)


def records(org: str, plan: Plan) -> Iterator[Item]:
    """Yield every item: as it is, or as the plan has it; then what was lost and is made anew."""
    so_far = _Copying(plan, dict(plan.loans), dict(plan.cases), set(plan.holdings))
    for raw, record in scan_raw():
        item = _copied(org, raw, record, so_far)
        if item is not None:
            yield item
    yield from (mapping.door_item(org, door) for door in plan.doors.values())
    yield from (mapping.loan_item(org, loan) for loan in so_far.loans.values())
    yield from (mapping.case_item(org, case) for case in so_far.cases.values())
    for person in sorted(so_far.named - so_far.met):
        plan.notes.append(f"person {person}: lost; entered anew without a name, inactive")
        held = plan.holdings.get(person, {})
        yield mapping.person_item(org, Person(id=person, name=person, active=False, holdings=held))


def _copied(org: str, raw: Raw, record: object, so_far: _Copying) -> Item | None:
    plan = so_far.plan
    match record:
        case Asset() | Worn() | Door():
            return None
        case Person():
            so_far.met.add(record.id)
            return _person(org, raw, record, plan.holdings.get(record.id, {}))
        case Badge():
            so_far.named.add(record.person)
        case Loan():
            so_far.named.add(record.person)
            now = so_far.loans.pop(record.id, record)
            return raw if now == record else mapping.loan_item(org, now)
        case Bank():
            _missing_doors(plan, record)
        case Case():
            so_far.cases.pop(record.id, None)
            return _case(org, raw, record, so_far)
        case Broken():
            plan.notes.append(f"{raw['pk']['S']} {raw['sk']['S']}: it does not read; left out")
            return None
    return raw


def _person(org: str, raw: Raw, person: Person, held: dict[str, Holding]) -> Item:
    """Return a person with what they hold; where a thing was last seen with them is known to their summary only."""
    now = person.holdings
    same = {key: now[key] for key in held if key in now and _alike(now[key], held[key])}
    wanted = {**held, **same}
    if wanted == dict(now):
        return raw
    return mapping.person_item(org, replace(person, holdings=wanted, version=person.version + 1))


def _alike(now: Holding, held: Holding) -> bool:
    unconfirmed = held.state == now.state == str(State.UNCONFIRMED)
    return unconfirmed and (now.asset, now.type, now.name, now.tag) == (held.asset, held.type, held.name, held.tag)


def _case(org: str, raw: Raw, case: Case, so_far: _Copying) -> Item:
    """Return a case; what it names and is lost, it names in words only."""
    lost = {}
    if case.asset is not None and case.asset not in so_far.plan.assets:
        lost["asset"] = case.asset
    if case.loan is not None and case.loan not in so_far.plan.loans and not find_records([keys.loan(org, case.loan)]):
        lost["loan"] = case.loan
    if case.person is not None:
        so_far.named.add(case.person)
    if not lost:
        return raw
    words = ", ".join(f"{what} {name}" for what, name in lost.items())
    so_far.plan.notes.append(f"case {case.id}: {words} lost")
    bare = replace(case, detail=f"{case.detail} ({words}: lost)".strip(), version=case.version + 1)
    return mapping.case_item(org, replace(bare, **dict.fromkeys(lost)))


def _missing_doors(plan: Plan, bank: Bank) -> None:
    for number in range(1, bank.door_count + 1):
        if (bank.id, number) not in plan.doors:
            plan.notes.append(f"{bank.id}, door {number}: lost; entered again with size M, set its size and features")
            plan.doors[bank.id, number] = Door(bank=bank.id, number=number, unlendable=UNRESOLVED)
