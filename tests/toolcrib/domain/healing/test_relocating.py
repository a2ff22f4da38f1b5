"""Whatever readers claim: no second custodian, no loan ended, no door too full, and a second look changes nothing."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.support.workplace import NOW, bank, drill
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, Content, Door
from toolcrib.domain.findings import Finding, Repair
from toolcrib.domain.healing.relocating import MOST_TOGETHER, relocated, relocations, strange
from toolcrib.domain.healing.views import Part, View, looked
from toolcrib.domain.record import replace
from toolcrib.domain.reports.status import Status
from toolcrib.domain.states import Move, State

DOORS, THINGS = range(1, 7), range(1, 7)
LATER = NOW + timedelta(minutes=5)
STATES = (State.STOWED, State.STOWED, State.UNCONFIRMED, State.ON_LOAN, State.MISSING, State.IN_REPAIR)


@some.composite
def scenes(draw: some.DrawFn) -> tuple[Bank, dict[str, Asset], dict[str, Case], Status]:
    """A bank of six doors, six things on record in any state, and a status that claims anything of their tags."""
    contents: dict[int, list[Content]] = {number: [] for number in DOORS}
    assets, cases = {}, {}
    capacity = draw(some.integers(1, 2))
    for number in THINGS:
        state, door = draw(some.sampled_from(STATES)), draw(some.sampled_from(DOORS))
        listed = state in {State.STOWED, State.IN_REPAIR}
        if listed and len(contents[door]) >= capacity:
            state = State.MISSING
            listed = False
        at_door = listed or state is State.UNCONFIRMED
        place = Custodian.at_door("hq-01", door) if at_door else Custodian.nobody()
        loan = "l" if state is State.ON_LOAN or (draw(some.booleans()) and state is State.UNCONFIRMED) else None
        asset = drill(number, state=state, custodian=place, loan=loan, case=f"c-{number}", version=3)
        repair = Repair(finding=Finding.GHOST, move=Move.DECLARE_MISSING, alone=draw(some.booleans()))
        cases[f"c-{number}"] = Case(
            id=f"c-{number}", kind=CaseKind.MISPLACED, opened_at=NOW, asset=asset.id, repair=repair, version=1
        )
        assets[asset.id] = asset
        if listed:
            contents[door].append(Content.of(asset, NOW - timedelta(days=1)))
    doors = tuple(
        Door(bank="hq-01", number=number, contents=tuple(contents[number]), capacity=capacity) for number in DOORS
    )
    states = {number: draw(some.sampled_from(("closed", "closed", "closed", "open", "fault"))) for number in DOORS}
    tags = some.none() | some.lists(some.sampled_from([each.tag or "" for each in assets.values()]), max_size=2)
    seen = {number: draw(tags) for number in DOORS}
    status = Status(
        op="s",
        at=LATER,
        boot=1,
        seq=1,
        journal_depth=0,
        doors=states,
        tags={number: None if each is None else tuple(each) for number, each in seen.items()},
    )
    return replace(bank(), doors=doors), assets, cases, status


def viewed(status: Status) -> View:
    part = looked(status, {})
    assert isinstance(part, Part)
    return View(bank="hq-01", parts=(part,))


def healed(of: Bank, assets: dict[str, Asset], cases: dict[str, Case], status: Status) -> list[Change]:
    view = viewed(status)
    by_tag = {asset.tag: asset for asset in assets.values()}
    found = [(by_tag[tag], door) for tag, door in strange(of, view).items() if tag in by_tag]
    return list(relocated(of, status, view, relocations(of, view, found, cases)))


def after(of: Bank, assets: dict[str, Asset], changes: list[Change]) -> tuple[Bank, dict[str, Asset]]:
    doors = {door.number: door for door in of.doors}
    known = dict(assets)
    for change in changes:
        doors |= {door.number: door for door in change.doors}
        known |= {asset.id: asset for asset in change.assets}
    return replace(of, doors=tuple(doors.values())), known


@settings(max_examples=400, deadline=None)
@given(scenes())
def test_nobody_is_in_two_doors_and_none_is_too_full(
    scene: tuple[Bank, dict[str, Asset], dict[str, Case], Status],
) -> None:
    of, assets, cases, status = scene
    now, known = after(of, assets, healed(of, assets, cases, status))
    listed = [content.asset for door in now.doors for content in door.contents]
    assert len(listed) == len(set(listed))
    for door in now.doors:
        assert len(door.contents) <= door.capacity
        for content in door.contents:
            assert known[content.asset].custodian == Custodian.at_door("hq-01", door.number)
            assert known[content.asset].is_listed


@settings(max_examples=400, deadline=None)
@given(scenes())
def test_only_what_is_on_no_loan_moves_and_only_to_where_it_alone_is_seen(
    scene: tuple[Bank, dict[str, Asset], dict[str, Case], Status],
) -> None:
    of, assets, cases, status = scene
    view = viewed(status)
    for change in healed(of, assets, cases, status):
        assert len(change.assets) <= MOST_TOGETHER
        assert not change.loans
        assert not change.holdings
        assert change.guard
        for asset, event in zip(change.assets, change.events, strict=True):
            before = assets[asset.id]
            assert before.loan is None
            assert before.state in {State.STOWED, State.UNCONFIRMED}
            assert (event.move, event.evidence, event.state) == (Move.RECONCILED, "tags", State.STOWED)
            assert view.places[asset.tag or ""] == (asset.custodian.door,)


@settings(max_examples=400, deadline=None)
@given(scenes())
def test_a_second_look_at_the_same_status_changes_nothing(
    scene: tuple[Bank, dict[str, Asset], dict[str, Case], Status],
) -> None:
    of, assets, cases, status = scene
    changes = healed(of, assets, cases, status)
    now, known = after(of, assets, changes)
    left = {name: case for name, case in cases.items() if not any(case.id in _resolved(each) for each in changes)}
    moved = {asset.id for change in changes for asset in change.assets}
    again = healed(now, known, left, replace(status, op="again", at=LATER + timedelta(minutes=5)))
    assert not moved & {asset.id for change in again for asset in change.assets}


def _resolved(change: Change) -> set[str]:
    return {case.id for case in change.cases if case.state == "resolved"}
