"""What a scenario came to, in one comparable record: who has it, what became of door and loan, who was told what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.support.banks import FakeBank
from tests.support.workplace import NOW, ORG, TOKEN, bank, drill, person, put_asset
from tests.support.world import Heard, World
from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import CaseState
from toolcrib.domain.doors import Content, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.record import replace
from toolcrib.store import mapping

TAG, OTHER_TAG, NOBODYS = "E2000001", "E2000002", "E2009999"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`asset` is «state with custodian», `cases` the open ones, `told` what the bank was given to say."""

    asset: str
    loan: str
    door: str
    cases: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


def outcome(here: World, heard: Iterable[Heard] = (), *, grant: str, loan: str, number: int = 1) -> Outcome:
    """Return what a grant's story came to, for the first drill."""
    asset, door = here.asset(), here.door(number)
    state = door.grant.state if door.grant is not None and door.grant.id == grant else "other"
    return Outcome(
        asset=f"{asset.state} with {place(asset.custodian)}",
        loan=str(here.loan(loan).state),
        door=f"{state}, {door.unlendable or 'lendable'}",
        cases=tuple(sorted(str(case.kind) for case in here.cases() if case.state is CaseState.OPEN)),
        told=tuple(str(each.code) for each in heard if each.kind == "notice"),
        events=tuple(f"{event.move} by {event.evidence}" for event in here.events()),
    )


def place(custodian: Custodian) -> str:
    """Return a custodian in short."""
    if custodian.kind is CustodianKind.DOOR:
        return f"door {custodian.door}"
    return custodian.id or str(custodian.kind)


def stage(here: World, evidence: str = "tags", *, mode: Mode = Mode.EXPRESS, **door: int) -> FakeBank:
    """Put a bank of four doors with a drill in the first, and one person who may take it."""
    hq = here.place(bank(evidence=Evidence(evidence), mode=mode), stowed={1: drill(1)}, **door)
    hq.evidence = evidence
    here.meet(person(), TOKEN)
    return hq


def lend(here: World, evidence: str = "tags", *, mode: Mode = Mode.EXPRESS) -> tuple[FakeBank, str]:
    """Set the stage and let the person take the drill; returns the bank and the loan."""
    hq = stage(here, evidence, mode=mode)
    opened = hq.tap()
    hq.does(opened, "closed", **GONE[evidence])
    assert here.loan(opened.grant).state == "open"
    here.later(minutes=5)
    return hq, opened.grant


GONE: dict[str, dict[str, Any]] = {"tags": {"tags": []}, "presence": {"present": False}, "door_only": {}}
"""What sensors say of a door with nothing inside."""
THERE: dict[str, dict[str, Any]] = {"tags": {"tags": [TAG]}, "presence": {"present": True}, "door_only": {}}
"""What sensors say of a door with the first drill inside."""


def beside(here: World, asset: Asset, *, bank_id: str = "hq-01", number: int = 1) -> Asset:
    """Stow one more thing in a door."""
    stowed = put_asset(asset, at=(bank_id, number))
    door = here.door(number, bank_id)
    content = Content.of(asset, NOW - timedelta(days=1))
    mapping.door_item(ORG, replace(door, contents=(*door.contents, content))).save()
    return stowed
