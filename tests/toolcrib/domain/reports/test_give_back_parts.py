"""A return of several things: which of them came, and what a kit is called, is late and is signed for as one."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    BOOK,
    NOW,
    became,
    change_of,
    door,
    drill,
    grant,
    lent,
    report,
    running,
    scene,
)
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Holdings
from toolcrib.domain.doors import Content, Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import InKit, Kit, Part
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Authorisers, Moment
from toolcrib.domain.record import replace
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement, Told
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import Move, State

HOUR = timedelta(hours=1)
WITNESS = Authorisers(count=1, on=(Moment.RETURN,))
SET = Kit(id="set", name="Drill set", parts=("drill-1", "drill-2", "drill-3", "drill-4"))
KITS = replace(BOOK, kits={"set": SET})


def parts_of(number: int) -> tuple[Part, ...]:
    """The first so many parts of the kit; the loan of the first is the grant's own."""
    return tuple(Part(asset=f"drill-{each}", loan="take" if each == 1 else f"part-{each}") for each in range(1, number))


def returning(
    count: int = 2, *, untagged: tuple[int, ...] = (), terms: dict[str, Any] | None = None, **loans: Any
) -> tuple[Grant, list[Asset], list[Loan]]:
    """The grant of a return of the kit's first parts, which are all on loan to Ana, and what is on record of them."""
    parts = parts_of(count + 1)
    kit = InKit(id="set", grant="take", parts=parts)
    known = {"kit": kit, "terms": replace(running().terms, **(terms or {})), **loans}
    things = [lent(each, loan=parts[each - 1].loan, **_tag(each, untagged)) for each in range(1, count + 1)]
    lendings = [running(**known, id=part.loan, asset=part.asset) for part in parts]
    return grant(Purpose.RETURN, GrantState.OPENED, id="take.back", kit=parts[1:]), things, lendings


def _tag(number: int, untagged: tuple[int, ...]) -> dict[str, Any]:
    return {"tag": None} if number in untagged else {}


def closing(
    of: tuple[Grant, list[Asset], list[Loan]], *seen: int, strangers: tuple[Asset, ...] = (), **report_: Any
) -> Scene:
    """A door that closes with these drills seen inside."""
    back, things, loans = of
    told = {"evidence": Evidence.TAGS, "tags": tuple(f"E{each}" for each in seen), **report_}
    tags = {f"E{each}": f"drill-{each}" for each in seen}
    at = door(grant=back, physical="open", capacity=8)
    return scene(
        report(Outcome.CLOSED, grant="take.back", **told), at, *things, *strangers, *loans, book=KITS, tags=tags
    )


def came(got: Settlement) -> list[str]:
    return [each.asset for each in change_of(got).events if each.move is Move.RETURNED]


def test_a_kit_of_more_parts_than_are_judged_at_once_comes_back_whole() -> None:
    got = settle(closing(returning(4), 1, 2, 3, 4))
    change = change_of(got)
    assert got.name == "returned"
    assert came(got) == ["drill-1", "drill-2", "drill-3", "drill-4"]
    assert (change.cases, change.doors[0].unlendable) == ((), None)
    assert change.doors[0].contents == tuple(Content.of(each, NOW) for each in change.assets)
    assert got.told == (Told(level="info", code="returned", facts={"thing": "Drill set", "parts": ""}),)


def test_a_kit_of_which_a_part_is_missing_is_partly_returned_and_that_parts_loan_runs_on() -> None:
    given = returning(3)
    got = settle(closing(given, 1, 3))
    change = change_of(got)
    assert (got.name, came(got)) == ("kit_partly_returned", ["drill-1", "drill-3"])
    facts = {"thing": "Drill set", "parts": "Drill 2"}
    assert got.told == (Told(level="warn", code="kit_partly_returned", facts=facts),)
    assert [each.asset for each in change.events] == ["drill-1", "drill-3"]
    now = {each.id: each for each in change.loans}
    missing = {"grants": {"take": GrantState.USED, "take.back": GrantState.USED}, "version": 4}
    assert became(given[2][1], now["part-2"]) == missing
    assert {each.id: each.state for each in change.loans} == {
        "take": LoanState.CLOSED,
        "part-2": LoanState.OPEN,
        "part-3": LoanState.CLOSED,
    }


@pytest.mark.parametrize(
    ("seen", "back"),
    [
        ((1,), ["drill-1", "drill-2"]),
        ((), []),
        ((9,), ["drill-9"]),
        ((1, 9), ["drill-1", "drill-9"]),
    ],
    ids=["the rest of the kit", "nothing", "something else", "something else as well"],
)
def test_a_part_without_a_tag_comes_with_the_tags_of_its_kit_and_with_no_others(
    seen: tuple[int, ...], back: list[str]
) -> None:
    other = lent(9, loan="others")
    given = returning(2, untagged=(2,))
    got = settle(closing(given, *seen, strangers=(other,)))
    assert came(got) == back


@pytest.mark.parametrize(
    ("present", "seen", "back"),
    [(True, (), ["drill-1"]), (None, (), ["drill-1"]), (False, (), []), (True, (9,), ["drill-9"])],
    ids=["felt", "nothing can tell", "nothing is felt", "another is seen"],
)
def test_what_wears_no_tag_came_unless_nothing_is_felt_or_something_else_is_seen(
    present: bool | None, seen: tuple[int, ...], back: list[str]
) -> None:
    got = settle(closing(returning(1, untagged=(1,)), *seen, strangers=(lent(9, loan="others"),), present=present))
    assert came(got) == back


def test_what_has_no_tag_is_returned_on_what_is_felt_and_not_on_what_a_reader_could_see() -> None:
    got = settle(closing(returning(1, untagged=(1,)), present=True))
    assert [each.evidence for each in change_of(got).events] == [Evidence.PRESENCE]
    assert change_of(got).loans[0].return_evidence is Evidence.PRESENCE


def test_a_kit_is_late_once() -> None:
    change = change_of(settle(closing(returning(3, due_at=NOW - HOUR), 1, 2, 3)))
    assert [each.late_returns for each in change.holdings if each.late_returns] == [(NOW,)]


def test_of_a_kit_that_only_a_door_told_of_its_holder_may_say_that_nothing_was_put_in_at_all() -> None:
    change = change_of(settle(closing(returning(3), evidence=Evidence.DOOR_ONLY, tags=None)))
    removed = [each.remove for each in change.holdings if each.remove]
    (last,) = [each.last_return for each in change.holdings if each.last_return is not None]
    assert removed == [("take",), ("part-2",), ("part-3",)]
    assert (last.loan, last.holding.asset) == ("take", "drill-1")
    assert {loan: each.asset for loan, each in last.more.items()} == {"part-2": "drill-2", "part-3": "drill-3"}
    assert change.holdings[-1] == Holdings(person="ana", last_return=last)


@pytest.mark.parametrize(("seen", "called"), [((1, 2), "Drill set"), ((1,), "Drill 1"), ((1, 2, 9), "Drill set")])
def test_what_came_of_a_kit_is_signed_for_once_and_by_its_name(seen: tuple[int, ...], called: str) -> None:
    given = returning(2, terms={"countersign": (WITNESS,)})
    change = change_of(settle(closing(given, *seen, strangers=(lent(9, loan=None, state=State.LOST),))))
    assert [(each.kind, each.loan) for each in change.cases] == [(CaseKind.COUNTERSIGNATURE, "take")]
    awaits = change.doors[0].awaits
    assert awaits is not None
    assert (awaits.loan, awaits.thing, awaits.person) == ("take", called, "ana")


def test_what_is_found_in_doubt_of_a_kit_leaves_its_return_unconfirmed() -> None:
    back, things, loans = returning(2)
    retired = replace(things[1], state=State.RETIRED, custodian=ANA, loan=None)
    got = settle(closing((back, [things[0], retired], loans), 1, 2))
    assert (got.name, came(got)) == ("return_unconfirmed", ["drill-1"])
    assert [(each.kind, each.asset) for each in change_of(got).cases] == [(CaseKind.CONTRADICTION, "drill-2")]


def test_a_part_that_is_called_back_alone_goes_by_its_own_name() -> None:
    got = settle(closing(returning(1), 1))
    assert got.told == (Told(level="info", code="returned", facts={"thing": "Drill 1", "parts": ""}),)


def test_a_return_of_what_is_out_on_no_loan_goes_by_its_things_name() -> None:
    back = grant(Purpose.RETURN, GrantState.OPENED, id="x.back", loan=None)
    found = drill(state=State.UNCONFIRMED, custodian=ANA)
    nothing = report(Outcome.CLOSED, grant="x.back", evidence=Evidence.TAGS, tags=())
    got = settle(scene(nothing, door(grant=back), found, book=KITS))
    facts = {"thing": "Drill 1", "parts": "Drill 1"}
    assert got.told == (Told(level="warn", code="not_returned", facts=facts),)


def test_more_than_three_things_that_come_back_at_once_lock_the_door_for_a_person() -> None:
    things = [drill(each, state=State.MISSING, custodian=Custodian.nobody()) for each in range(2, 6)]
    back = grant(Purpose.RETURN, GrantState.OPENED, id="take.back")
    tags = {f"E{each}": f"drill-{each}" for each in range(2, 6)}
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.TAGS, tags=tuple(tags))
    got = settle(scene(seen, door(grant=back, capacity=8), lent(), *things, running(), tags=tags))
    change = change_of(got)
    assert (got.name, [each.asset for each in change.doors[0].contents]) == (
        "other_returned",
        ["drill-2", "drill-3", "drill-4"],
    )
    assert [each.detail for each in change.cases] == ["1 more: drill-5"]
    assert change.doors[0].unlendable == "unexpected_item"


@pytest.mark.parametrize(("contents_", "stays"), [((), "returned"), ((drill(2),), "return_unconfirmed")])
def test_a_door_never_holds_more_than_it_has_room_for(contents_: tuple[Asset, ...], stays: str) -> None:
    back = grant(Purpose.RETURN, GrantState.OPENED, id="take.back")
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.DOOR_ONLY)
    got = settle(scene(seen, door(*contents_, grant=back, capacity=1), lent(), drill(2), running()))
    assert got.name == stays
    assert len(change_of(got).doors[0].contents) == 1


def test_a_return_of_nothing_but_a_tag_that_nobody_knows_is_told_as_such() -> None:
    back = grant(Purpose.RETURN, GrantState.OPENED, id="take.back")
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.TAGS, tags=("E9",))
    assert settle(scene(seen, door(grant=back), lent(), running(), tags={"E9": None})).name == "unknown_tag"
