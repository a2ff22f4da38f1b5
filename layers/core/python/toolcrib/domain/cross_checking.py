"""What must hold between records: doors and assets, loans and people, tags (safety.md, I1)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import Bank, Content, Door, Purpose
from toolcrib.domain.faults import CUSTODIANS, Fault
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Badge, Holding, Person
from toolcrib.domain.states import State

OWED: Final = frozenset({State.ON_LOAN, State.UNCONFIRMED, State.MISSING, State.LOST})
"""States of an asset whose loan is open."""
RUNNING: Final = frozenset({LoanState.OPEN, LoanState.PENDING})


def check_asset(
    asset: Asset, *, door: Door | None, loan: Loan | None, case: Case | None = None, tag_of: str | None
) -> Iterator[Fault]:
    """Yield what does not fit an asset's custody; `door` is the one that has it, `tag_of` whom its tag leads to."""
    custodian = asset.custodian
    if custodian.kind not in CUSTODIANS[asset.state]:
        yield _asset("I1", asset, f"it is {asset.state} with {custodian.kind}")
    if asset.is_listed and not _lists(door, asset):
        yield _asset("I1", asset, f"{custodian.id}, door {custodian.door} does not list it")
    if asset.state is State.ON_LOAN and (loan is None or loan.person != custodian.id):
        yield _asset("references", asset, "it is on loan, and its loan is not that person's")
    if asset.loan is not None and (loan is None or loan.state not in RUNNING or loan.asset != asset.id):
        yield _asset("references", asset, f"its loan {asset.loan} is not running")
    if asset.case is not None and case is None:
        yield _asset("references", asset, f"its case {asset.case} is not there")
    if asset.tag is not None and tag_of != asset.id:
        yield _asset("references", asset, f"its tag leads to {tag_of or 'nothing'}")


def check_bank(bank: Bank, doors: int) -> Iterator[Fault]:
    """Yield whether a bank has other than as many doors as it was set up with; `doors` are there."""
    if doors != bank.door_count:
        yield Fault(rule="references", thing=bank.id, why=f"{doors} of its {bank.door_count} doors are there")


def check_door(door: Door, assets: Mapping[str, Asset], loan: Loan | None = None) -> Iterator[Fault]:
    """Yield what does not fit a door: `assets` are those it lists, `loan` is the one that its live take is for."""
    here = Custodian.at_door(door.bank, door.number)
    grant = door.grant
    if (
        grant is not None
        and grant.live
        and grant.purpose is Purpose.TAKE
        and (loan is None or loan.asset != grant.asset)
    ):
        yield _door("references", door, f"it is locked by {grant.id}, and there is no such loan of {grant.asset}")
    if len(door.contents) > door.capacity:
        yield _door("I1", door, f"it holds {len(door.contents)} and has room for {door.capacity}")
    for asset_id, times in Counter(content.asset for content in door.contents).items():
        if times > 1:
            yield _door("I1", door, f"it lists {asset_id} {times} times")
    for content in door.contents:
        asset = assets.get(content.asset)
        if asset is None:
            yield _door("references", door, f"it lists {content.asset}, which there is not")
        elif asset.custodian != here or not asset.is_listed:
            yield _door("I1", door, f"it lists {asset.id}, which is {asset.state} elsewhere")
        elif content != Content.of(asset, content.since):
            yield _door("references", door, f"its summary of {asset.id} is not what the asset says")


def check_loan(loan: Loan, *, asset: Asset | None, person: Person | None) -> Iterator[Fault]:
    """Yield what does not fit between a loan, what it is about, and whose it is."""
    if asset is None:
        yield _loan(loan, f"its asset {loan.asset} is not there")
    if person is None:
        yield _loan(loan, f"its person {loan.person} is not there")
    held = person is not None and loan.id in person.holdings
    if loan.state in RUNNING and not held:
        yield _loan(loan, f"it is {loan.state}, and its person's summary does not name it")
    if loan.state not in RUNNING and held:
        yield _loan(loan, f"it is {loan.state}, and its person's summary still names it")
    named = asset is not None and asset.loan == loan.id
    if loan.state is LoanState.OPEN and (not named or asset is None or asset.state not in OWED):
        yield _loan(loan, "it is open, and its asset is not out on it")
    if loan.state not in RUNNING and named:
        yield _loan(loan, f"it is {loan.state}, and its asset is still out on it")


def check_person(
    person: Person, held: Mapping[str, Holding], loans: Mapping[str, Loan], assets: Mapping[str, Asset]
) -> Iterator[Fault]:
    """Yield which of `held`, a part of a person's summary, is neither a running loan nor was last seen with them."""
    for loan_id, holding in held.items():
        loan, asset = loans.get(loan_id), assets.get(holding.asset)
        if loan is not None and (loan.person, loan.asset) == (person.id, holding.asset) and loan.state in RUNNING:
            continue
        last_seen = asset is not None and asset.state is State.UNCONFIRMED and asset.custodian.id == person.id
        if loan is not None or not last_seen:
            yield Fault(rule="references", thing=f"person {person.id}", why=f"the summary names {loan_id}, not running")


def check_tag(tag: str, asset_id: str, asset: Asset | None) -> Iterator[Fault]:
    """Yield what does not fit between a tag and the asset it leads to."""
    if asset is None or asset.tag != tag:
        yield Fault(rule="references", thing=f"tag {tag}", why=f"it leads to {asset_id}, which does not wear it")


def check_badge(badge: Badge, person: Person | None) -> Iterator[Fault]:
    """Yield whether a badge is nobody's."""
    if person is None:
        yield Fault(rule="references", thing=f"badge {badge.id}", why=f"its person {badge.person} is not there")


def check_case(case: Case, *, asset: Asset | None, person: Person | None, loan: Loan | None) -> Iterator[Fault]:
    """Yield what a case names that is not there."""
    named = (("asset", case.asset, asset), ("person", case.person, person), ("loan", case.loan, loan))
    for what, name, found in named:
        if name is not None and found is None:
            yield Fault(rule="references", thing=f"case {case.id}", why=f"its {what} {name} is not there")


def _lists(door: Door | None, asset: Asset) -> bool:
    return door is not None and any(content.asset == asset.id for content in door.contents)


def _asset(rule: str, asset: Asset, why: str) -> Fault:
    return Fault(rule=rule, thing=f"asset {asset.id}", why=why)


def _door(rule: str, door: Door, why: str) -> Fault:
    return Fault(rule=rule, thing=f"{door.bank}, door {door.number}", why=why)


def _loan(loan: Loan, why: str) -> Fault:
    return Fault(rule="references", thing=f"loan {loan.id}", why=why)
