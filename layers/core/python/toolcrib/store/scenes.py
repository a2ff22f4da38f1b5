"""Loads what a door report may concern: two round trips for the ordinary report, a few more for anything unusual."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import Door, Grant, GrantState, Purpose
from toolcrib.domain.ids import loan_of
from toolcrib.domain.lateness import excuse_of
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.reports import left_open
from toolcrib.domain.reports.aftermath import unresolved_case
from toolcrib.domain.reports.contents import unknown_case
from toolcrib.domain.reports.scene import Outcome, Report, Scene, proves
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store import keys
from toolcrib.store.assets import find_by_tags
from toolcrib.store.banks import find_banks
from toolcrib.store.items import AssetItem, LoanItem
from toolcrib.store.loans import find_loans
from toolcrib.store.mapping import to_asset, to_case, to_door, to_loan, to_person
from toolcrib.store.reads import find_many


def find_door_and_loan(org: str, bank: str, number: int, grant: str | None) -> tuple[Door | None, Loan | None]:
    """Return the door of a report and the loan its grant leads to, in one round trip."""
    loan = loan_of(grant) if grant else None
    wanted = [keys.door(org, bank, number), *([keys.loan(org, loan)] if loan else [])]
    found = find_many(wanted)
    door_item, loan_item = found.get(wanted[0]), found.get(wanted[-1]) if loan else None
    return (to_door(door_item) if door_item else None, to_loan(loan_item) if loan_item else None)


def load_scene(org: str, report: Report, door: Door, loan: Loan | None, site: str, book: RuleBook) -> Scene:
    """Return everything on record around a report."""
    assets, named = _named(org, report, door, loan)
    report = _proved(report, door, assets)
    tags = _strange_tags(org, report, door, assets)
    strangers = [asset for asset in tags.values() if asset is not None]
    assets |= {asset.id: asset for asset in strangers}
    unknown = [tag for tag, asset in tags.items() if asset is None]
    related = _related(org, report, door, named, assets.values(), unknown)
    loans = {**named, **{each.id: each for each in related["loan"]}}
    loans |= _begun_elsewhere(org, related["door"], loans, assets)
    if not related["profile"]:
        door = _by_nobody(door)
    return Scene(
        report=report,
        door=door,
        site=site,
        book=book,
        assets=assets,
        loans=loans,
        cases={case.id: case for case in related["case"]},
        elsewhere=_by_content(related["door"]),
        tags={tag: asset.id if asset else None for tag, asset in tags.items()},
        excuses=_excuses(org, report, loans),
    )


def _named(org: str, report: Report, door: Door, loan: Loan | None) -> tuple[dict[str, Asset], dict[str, Loan]]:
    """What the grant names, the parts of a kit with their loans, and of the contents what this report may move."""
    grant = _current(report, door)
    known = {loan.id: loan} if loan is not None else {}
    parts = [*(grant.parts if grant is not None else ()), *(loan.kit.parts if loan is not None and loan.kit else ())]
    assets = {part.asset for part in parts} | {each.asset for each in known.values()}
    loans = {part.loan for part in parts if part.loan is not None} - known.keys()
    whole = grant is None or grant.purpose is Purpose.SERVICE
    gone = (content for content in door.contents if whole or content.tag not in (report.tags or ()))
    assets |= {content.asset for content in gone} | ({report.about} if report.about is not None else set())
    wanted = {keys.asset(org, asset) for asset in assets} | {keys.loan(org, each) for each in loans}
    found = (find_many(wanted) if wanted else {}).values()
    things = (to_asset(item) for item in found if isinstance(item, AssetItem))
    more = (to_loan(item) for item in found if isinstance(item, LoanItem))
    return {each.id: each for each in things}, known | {each.id: each for each in more}


def _proved(report: Report, door: Door, assets: dict[str, Asset]) -> Report:
    """Return the report at the level it carries for the thing that its grant is about."""
    grant = _current(report, door)
    return proves(report, door, assets.get(grant.asset or "") if grant is not None else None)


def _current(report: Report, door: Door) -> Grant | None:
    grant = door.grant
    return grant if grant is not None and grant.id == report.grant else None


def _strange_tags(org: str, report: Report, door: Door, assets: dict[str, Asset]) -> dict[str, Asset | None]:
    """Each tag seen that is not of the door's contents, with the asset that wears it."""
    if report.outcome is not Outcome.CLOSED or report.tags is None:
        return {}
    known = {content.tag for content in door.contents}
    strange = [tag for tag in report.tags if tag not in known]
    by_tag: dict[str, Asset | None] = {asset.tag: asset for asset in assets.values() if asset.tag}
    unknown = [tag for tag in strange if tag not in by_tag]
    looked_up = find_by_tags(org, unknown) if unknown else {}
    return {tag: by_tag.get(tag) or looked_up.get(tag) for tag in strange}


def _related(
    org: str, report: Report, door: Door, named: Collection[str], assets: Iterable[Asset], unknown: list[str]
) -> dict[str, list[Any]]:
    """The loans, cases and other doors that those assets are tied to, in one round trip if there are any."""
    wanted: set[tuple[str, str]] = set()
    for asset in assets:
        if asset.loan and asset.loan not in named:
            wanted.add(keys.loan(org, asset.loan))
        if asset.case:
            wanted.add(keys.case(org, asset.case))
        wanted |= _other_door(org, door, asset)
    wanted |= _open_about(org, report, door)
    if unknown:
        wanted.add(keys.case(org, unknown_case(door, unknown)))
    if door.grant is not None and door.grant.by:
        wanted.add(keys.person(org, door.grant.by))
    found = find_many(wanted) if wanted else {}
    makers = {"loan": to_loan, "case": to_case, "door": to_door, "profile": to_person}
    related: dict[str, list[Any]] = {kind: [] for kind in makers}
    for (_, sk), item in found.items():
        kind = "door" if sk.startswith("DOOR#") else sk.lower()
        related[kind].append(makers[kind](item))
    return related


def _open_about(org: str, report: Report, door: Door) -> set[tuple[str, str]]:
    """The cases that a grant's end answers, where there may be one."""
    if report.outcome is Outcome.LEFT_OPEN and report.grant:
        return {keys.case(org, left_open.case_of(report.grant))}
    grant = _current(report, door)
    if grant is None:
        return set()
    cases = set() if door.physical in {"open", "closed"} else {keys.case(org, left_open.case_of(grant.id))}
    if grant.state is GrantState.UNRESOLVED:
        cases.add(keys.case(org, unresolved_case(door.bank, grant.id)))
    return cases


def _begun_elsewhere(org: str, doors: list[Door], known: Collection[str], assets: Collection[str]) -> dict[str, Loan]:
    """The loans that takes in flight at those other doors began: what shows up here was taken there."""
    takes = [door.grant for door in doors if door.busy and door.grant is not None]
    parts = [part for grant in takes if grant.purpose is Purpose.TAKE for part in grant.parts]
    begun = {part.loan for part in parts if part.asset in assets and part.loan is not None} - set(known)
    return find_loans(org, begun) if begun else {}


def _excuses(org: str, report: Report, loans: Mapping[str, Loan]) -> dict[str, timedelta]:
    """How much of the lateness of what comes back late is its banks', one round trip more if anything is late."""
    late = [loan for loan in loans.values() if loan.state is LoanState.OPEN and report.at > loan.late_after]
    if not late or report.outcome is not Outcome.CLOSED:
        return {}
    banks = find_banks(org, {bank for loan in late for bank in (loan.bank, *loan.tried)})
    return {loan.id: excuse_of(loan, banks, report.at) for loan in late}


def _by_nobody(door: Door) -> Door:
    """Forget an opener who is no person on record: nothing can be last seen with them."""
    return door if door.grant is None else replace(door, grant=replace(door.grant, by=None))


def _other_door(org: str, door: Door, asset: Asset) -> set[tuple[str, str]]:
    place = asset.custodian
    listed = asset.is_listed and (place.id, place.door) != (door.bank, door.number)
    if not listed or place.id is None or place.door is None:
        return set()
    return {keys.door(org, place.id, place.door)}


def _by_content(doors: list[Door]) -> dict[str, Door]:
    return {content.asset: door for door in doors for content in door.contents}
