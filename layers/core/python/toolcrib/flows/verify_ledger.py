"""Walk the whole record and name the first thing that does not fit (safety.md, I1 to I3, threats 33 and 35).

It reads a page at a time and may run while people tap: what looks wrong is read again before it is called wrong.
What it keeps in memory does not grow with the tables: one page of each (DynamoDB's megabyte), 100 records that
something names, and of the one asset it is at a line for each event (operation, grant), a few hundred bytes each.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_fixed

from toolcrib.domain.anchoring import check_heads, check_part
from toolcrib.domain.assets import Asset, CustodianKind
from toolcrib.domain.cases import Case
from toolcrib.domain.cross_checking import (
    check_asset,
    check_badge,
    check_bank,
    check_case,
    check_door,
    check_loan,
    check_person,
    check_tag,
)
from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.faults import Fault, Leans
from toolcrib.domain.ids import loan_of
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.record import Record
from toolcrib.domain.verifying import check_leans, check_ledger
from toolcrib.store import anchors, keys
from toolcrib.store.ledger_rows import list_rows
from toolcrib.store.reads import Key
from toolcrib.store.scan import (
    CHUNK,
    Broken,
    Worn,
    chunks,
    count_doors,
    find_existing,
    find_hashes,
    find_records,
    read_again,
    scan_partitions,
    scan_state,
)

LOOKS: Final = 4  # at something that does not fit
PAUSE_S: Final = 0.3  # between them: a transaction that was under way is over then

OTHERS: Final = "others"
"""What is counted and not looked at: notices, rules, principals, guards; nothing about custody leans on them."""

Tell = Callable[[Mapping[str, int]], None]


class Verdict(Record, frozen=True, kw_only=True):
    """How much was looked at, and the first thing that does not fit, if anything."""

    checked: Mapping[str, int]
    fault: Fault | None = None


def handle(org: str, *, anchored: bool, tell: Tell = lambda _: None) -> Verdict:
    """Verify both tables, and where `anchored` the anchors of `org`; `tell` hears how much was looked at so far."""
    checked: Counter[str] = Counter()
    for fault in _everything(org, checked, anchored=anchored):
        tell(checked)
        if fault is not None:
            return Verdict(checked=dict(checked), fault=fault)
    return Verdict(checked=dict(checked))


def _everything(org: str, checked: Counter[str], *, anchored: bool) -> Iterator[Fault | None]:
    for key, record in scan_state():
        if record is None:
            checked[OTHERS] += 1
        else:
            yield _settled(key, record, checked)
    yield from _orphans(checked)
    if anchored:
        yield from _anchors(org, checked)


def _settled(key: Key, record: Any, checked: Counter[str]) -> Fault | None:
    """Return what is wrong with a record, for good: not only because it was being written."""
    checked[_WORDS[type(record)]] += 1
    seen = [record]

    def look() -> Fault | None:
        now = seen.pop() if seen else read_again(key)
        return None if now is None else next(_faults(key, now, checked), None)

    looks = Retrying(
        stop=stop_after_attempt(LOOKS),
        wait=wait_fixed(PAUSE_S),
        retry=retry_if_result(bool),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    fault: Fault | None = looks(look)
    return fault


def _faults(key: Key, record: Any, checked: Counter[str]) -> Iterator[Fault]:
    org = keys.org_of(key[0])
    match record:
        case Asset():
            yield from _asset(org, record, checked)
        case Bank():
            yield from check_bank(record, count_doors(org, record.id))
        case Door():
            yield from _door(org, record)
        case Loan():
            asset, person = keys.asset(org, record.asset), keys.person(org, record.person)
            found = find_records((asset, person))
            yield from check_loan(record, asset=found.get(asset), person=found.get(person))
        case Person():
            yield from _person(org, record)
        case Badge():
            whose = keys.person(org, record.person)
            yield from check_badge(record, find_records([whose]).get(whose))
        case Case():
            yield from _case(org, record)
        case Worn():
            asset = keys.asset(org, record.asset)
            yield from check_tag(record.tag, record.asset, find_records([asset]).get(asset))
        case Broken():
            yield Fault(rule="unreadable", thing=f"{key[0]} {key[1]}", why=record.why)


def _asset(org: str, asset: Asset, checked: Counter[str]) -> Iterator[Fault]:
    at = asset.custodian
    in_door = at.kind is CustodianKind.DOOR and at.id is not None and at.door is not None
    door = keys.door(org, at.id or "", at.door or 0) if in_door else None
    loan = keys.loan(org, asset.loan) if asset.loan else None
    tag = keys.tag(org, asset.tag) if asset.tag else None
    case = keys.case(org, asset.case) if asset.case else None
    found = find_records(key for key in (door, loan, tag, case) if key is not None)
    worn = found.get(tag) if tag else None
    leans = Leans()
    yield from check_ledger(asset, _counted(list_rows(org, asset.id), checked), leans)
    for some in chunks(sorted(leans.loans), CHUNK):
        yield from _leans(org, asset, leans, set(some))
    yield from check_asset(
        asset,
        door=found.get(door) if door else None,
        loan=found.get(loan) if loan else None,
        case=found.get(case) if case else None,
        tag_of=worn.asset if worn else None,
    )


def _door(org: str, door: Door) -> Iterator[Fault]:
    loan = keys.loan(org, door.grant.id) if door.grant is not None else None
    wanted = [keys.asset(org, content.asset) for content in door.contents]
    found = find_records(wanted if loan is None else [loan, *wanted])
    began = found.pop(loan, None) if loan else None
    yield from check_door(door, {asset.id: asset for asset in found.values()}, began)


def _case(org: str, case: Case) -> Iterator[Fault]:
    asset = keys.asset(org, case.asset) if case.asset else None
    person = keys.person(org, case.person) if case.person else None
    loan = keys.loan(org, case.loan) if case.loan else None
    found = find_records(key for key in (asset, person, loan) if key is not None)
    asset_, person_, loan_ = (found.get(key) if key else None for key in (asset, person, loan))
    yield from check_case(case, asset=asset_, person=person_, loan=loan_)


def _leans(org: str, asset: Asset, leans: Leans, some: set[str]) -> Iterator[Fault]:
    """Check a part of what the ledger leans on: these loans, and the grants that they should remember."""
    found = find_records(keys.loan(org, loan) for loan in some)
    grants = {number: grant for number, grant in leans.grants.items() if loan_of(grant) in some}
    part = Leans(loans=some, grants=grants)
    yield from check_leans(asset, part, {loan.id: loan for loan in found.values()})


def _counted(rows: Iterator[Any], checked: Counter[str]) -> Iterator[Any]:
    for row in rows:
        checked["ledger items"] += 1
        yield row


def _person(org: str, person: Person) -> Iterator[Fault]:
    for held in chunks(person.holdings.items(), CHUNK // 2):
        loans = {keys.loan(org, loan) for loan, _ in held}
        found = find_records({*loans, *(keys.asset(org, holding.asset) for _, holding in held)})
        records = found.values()
        part = {loan.id: loan for loan in records if isinstance(loan, Loan)}
        assets = {asset.id: asset for asset in records if isinstance(asset, Asset)}
        yield from check_person(person, dict(held), part, assets)


def _orphans(checked: Counter[str]) -> Iterator[Fault | None]:
    """Ledgers of assets that there are not; a bank's holds remote openings, a person's what others agreed to."""
    for partitions in chunks(scan_partitions(), CHUNK):
        checked["ledgers"] += len(partitions)
        assets = {(pk, "STATE") for pk in partitions if "#ASSET#" in pk}
        missing = sorted(assets - find_existing(assets)) if assets else []
        yield Fault(rule="I2", thing=missing[0][0], why="it has a ledger, and no state") if missing else None


def _anchors(org: str, checked: Counter[str]) -> Iterator[Fault | None]:
    before = ""
    for stored in anchors.read_all(org):
        yield next(check_part(stored.key, stored.manifest, versions=stored.versions, before=before), None)
        before = stored.digest
        heads = stored.manifest.heads if stored.manifest else {}
        for some in chunks(heads.items(), CHUNK):
            found = find_hashes(org, ((asset, version) for asset, (version, _) in some))
            checked["anchors"] += len(some)
            yield next(check_heads(stored.key, dict(some), found), None)


_WORDS: Final[Mapping[type, str]] = {
    Asset: "assets",
    Bank: "banks",
    Door: "doors",
    Loan: "loans",
    Person: "people",
    Worn: "tags",
    Badge: "badges",
    Case: "cases",
    Broken: "unreadable items",
}
