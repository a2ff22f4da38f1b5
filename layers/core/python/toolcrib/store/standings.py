"""Everything on record that moving one asset touches, read consistently in three round trips."""

from collections.abc import Iterable

from toolcrib.domain.assets import Asset, CustodianKind
from toolcrib.domain.doors import Door
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.standing import Standing
from toolcrib.store import keys
from toolcrib.store.items import AssetItem
from toolcrib.store.mapping import to_asset, to_bank, to_case, to_door, to_loan, to_person
from toolcrib.store.reads import Key, find_many, load


def load_standing(org: str, asset_id: str) -> Standing:
    """Return an asset with its loan, case, last holder and the doors that list it; raises `NotFound`."""
    asset = to_asset(load(AssetItem, keys.asset(org, asset_id), "asset"))
    loan_key, case_key = keys.loan(org, asset.loan or ""), keys.case(org, asset.case or "")
    fault_key = keys.case(org, asset.fault or "")
    asked = ((loan_key, asset.loan), (case_key, asset.case), (fault_key, asset.fault))
    found = find_many(key for key, wanted in asked if wanted)
    fault = to_case(found[fault_key]) if fault_key in found else None
    loan = to_loan(found[loan_key]) if loan_key in found else None
    case = to_case(found[case_key]) if case_key in found else None
    return _around(org, Standing(asset=asset, loan=_running(loan), case=case, fault=fault))


def _around(org: str, standing: Standing) -> Standing:
    asset, loan = standing.asset, standing.loan
    person_id = loan.person if loan else _id(asset, CustodianKind.PERSON)
    places = _places(asset, loan)
    person_key = keys.person(org, person_id or "")
    door_keys = [keys.door(org, bank, number) for bank, number in places]
    bank_key = keys.bank(org, _id(asset, CustodianKind.DOOR) or "")
    found = find_many({*door_keys, *_given(person_key, person_id), *_given(bank_key, asset.custodian.door)})
    doors = (to_door(found[key]) for key in door_keys if key in found)
    return Standing(
        asset=asset,
        loan=loan,
        case=standing.case,
        fault=standing.fault,
        doors=tuple(door for door in doors if _lists(door, asset)),
        person=to_person(found[person_key]) if person_key in found else None,
        bank_site=to_bank(found[bank_key]).site if bank_key in found else None,
    )


def _places(asset: Asset, loan: Loan | None) -> list[tuple[str, int]]:
    """Where it may be listed: the door that has it, and the one it was to be taken from."""
    here, places = asset.custodian, set()
    if here.kind is CustodianKind.DOOR and here.id and here.door:
        places.add((here.id, here.door))
    if loan is not None:
        places.add((loan.bank, loan.door))
    return sorted(places)


def _running(loan: Loan | None) -> Loan | None:
    return loan if loan and loan.state in {LoanState.OPEN, LoanState.PENDING} else None


def _id(asset: Asset, kind: CustodianKind) -> str | None:
    return asset.custodian.id if asset.custodian.kind is kind else None


def _given(key: Key, wanted: object) -> Iterable[Key]:
    return (key,) if wanted else ()


def _lists(door: Door, asset: Asset) -> bool:
    return any(content.asset == asset.id for content in door.contents)
