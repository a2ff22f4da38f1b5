"""After the banks were looked after: what lies there, cannot be lent for its charge, and gets no more where it is?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from chalicelib.schedules.low_charge import called_for, over, resolved, stays
from toolcrib.domain.assets import AssetType
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.flows.deciding import commit_once
from toolcrib.store import listing
from toolcrib.store.cases import find_case

MOST_OPENED: Final = 100  # in a run: a type that needs charge from today on must not keep the next look waiting
OF_CHARGE: Final = (("about.kind", (str(CaseKind.LOW_CHARGE),)),)


def handle(org: str, banks: Sequence[Bank], types: Mapping[str, AssetType], *, now: datetime) -> int:
    """Open a case for each stay that calls for one, and answer those that do no more; returns how many changed.

    `banks` are all that there are, as they were just read, in service or not. The list of cases tells which to look at
    again; each is read before it is answered.
    """
    lying = stays(banks)
    listed = {each["id"]: each for each in _open(org)}
    wanted = (called_for(stay, types, now) for name, stay in lying.items() if name not in listed)
    opened = 0
    for case in wanted:
        if case is None or find_case(org, case.id) is not None:
            continue
        _commit(org, case, now)
        opened += 1
        if opened == MOST_OPENED:
            break
    looked_at = {bank.id for bank in banks}
    ended = {name: over(lying.get(name), types, now) for name, each in listed.items() if each["bank"] in looked_at}
    return opened + sum(_answer(org, name, why, now) for name, why in ended.items() if why is not None)


def _open(org: str) -> list[dict[str, Any]]:
    return list(listing.every(listing.listing(org, "cases", str(CaseState.OPEN), where=OF_CHARGE)))


def _answer(org: str, name: str, why: str, now: datetime) -> bool:
    case = find_case(org, name)
    if case is None or case.state is not CaseState.OPEN:
        return False
    _commit(org, resolved(case, why, now), now)
    return True


def _commit(org: str, case: Case, now: datetime) -> None:
    commit_once(org, Change(op=f"{case.id}.{case.version}", at=now, cases=(case,)))
