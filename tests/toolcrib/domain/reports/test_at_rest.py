"""What a look inside without a grant says against the record: missed once, seen twice, and doubts that are over."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import ANA, BEFORE, HERE, NEXT, NOW, became, change_of, door, drill, loan, report, said, scene
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.change import Heard
from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.findings import Finding, Repair
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import LoanState
from toolcrib.domain.reports.at_rest import absent_case, double_case
from toolcrib.domain.reports.scene import Outcome, Rest, Scene
from toolcrib.domain.reports.status import Status, heard
from toolcrib.domain.reports.ungranted import settle
from toolcrib.domain.states import Move, State

GHOST = Repair(finding=Finding.GHOST, move=Move.DECLARE_MISSING)
OTHER = ("hq-02", 4)
TWICE = Repair(finding=Finding.DOUBLE_SEEN, bank="hq-02", door=4)
STOW = Repair(finding=Finding.GHOST, move=Move.STOW, bank="hq-01", door=1)
WHERE: dict[str, Any] = {"opened_at": NOW, "site": "hq", "bank": "hq-01", "door": 1, "evidence": Evidence.TAGS}


def look(*known: Any, tags: tuple[str, ...] = (), rest: Rest | None = None, at: Any = None, **more: Any) -> Scene:
    ours = {each.tag: each.id for each in known if each.id.startswith("drill")}
    told = report(Outcome.CLOSED, grant=None, evidence=Evidence.TAGS, tags=tags)
    return scene(told, at or door(), *known, tags={tag: ours.get(tag) for tag in tags}, rest=rest, **more)


def missed(rest: Rest | None = None, **more: Any) -> Scene:
    return look(drill(), at=door(drill()), rest=rest, **more)


def test_what_readers_at_rest_miss_is_doubted_and_seeing_it_again_is_answer_enough() -> None:
    here = missed(Rest())
    got = settle(here)
    change = change_of(got)
    first = absent_case("drill-1", here)
    assert first == derived("case", "misplaced", "drill-1", "2026-11-20")
    assert (got.name, change.guard) == ("closed_without_grant", True)
    about = {"id": first, "kind": CaseKind.MISPLACED, **WHERE, "asset": "drill-1", "waiting": ("drill-1",)}
    repair = Repair(finding=Finding.GHOST, move=Move.DECLARE_MISSING, alone=True)
    assert [said(each) for each in change.cases] == [{**about, "repair": repair}]
    assert [(each.move, each.state, each.to, each.case, each.op) for each in change.events] == [
        (Move.NOT_SEEN, State.UNCONFIRMED, HERE, first, "up-1")
    ]
    assert change.doors[0].contents == ()


@pytest.mark.parametrize("rest", [Rest(), None])
def test_the_second_time_in_a_day_or_not_at_rest_it_is_a_persons(rest: Rest | None) -> None:
    known = derived("case", "misplaced", "drill-1", "2026-11-20")
    was = Case(id=known, kind=CaseKind.MISPLACED, state=CaseState.RESOLVED, opened_at=BEFORE)
    change = change_of(settle(missed(rest, cases={known: was} if rest else {})))
    (case,) = change.cases
    assert case.id == derived("case", "misplaced", "hq-01", "up-1", "drill-1")
    assert case.repair == GHOST


def test_where_no_reader_tells_that_something_is_gone_nothing_is_proposed() -> None:
    empty = report(Outcome.CLOSED, grant=None, evidence=Evidence.PRESENCE, present=False)
    change = change_of(settle(scene(empty, door(drill()), drill(), rest=Rest())))
    assert [(each.kind, each.repair) for each in change.cases] == [(CaseKind.MISPLACED, None)]


def twice(thing: Any, *more: Any, **known: Any) -> Scene:
    return look(thing, *more, tags=("E1",), rest=Rest(also={"E1": OTHER}), **known)


def test_what_another_reader_confirms_where_the_record_has_it_is_not_moved() -> None:
    there = drill(custodian=type(HERE).at_door(*OTHER))
    change = change_of(settle(twice(there)))
    about = {"id": double_case(there), "kind": CaseKind.DOUBLE_SEEN, **WHERE, "asset": "drill-1", "repair": TWICE}
    assert double_case(there) == derived("case", "double_seen", "drill-1", "5")
    assert [said(each) for each in change.cases] == [about]
    assert (change.events, change.doors[0].unlendable) == ((), "unexpected_item")


def test_what_is_seen_twice_is_told_once_as_long_as_its_record_does_not_move() -> None:
    there = drill(custodian=type(HERE).at_door(*OTHER))
    known = Case(id=double_case(there), kind=CaseKind.DOUBLE_SEEN, opened_at=BEFORE)
    change = change_of(settle(twice(there, cases={known.id: known})))
    assert (change.cases, change.doors[0].unlendable) == ((), None)


@pytest.mark.parametrize("thing", [drill(custodian=NEXT), drill(state=State.ON_LOAN, custodian=ANA, loan="take")])
def test_what_neither_reader_confirms_is_unconfirmed_last_seen_here(thing: Any) -> None:
    lent = loan(state=LoanState.OPEN)
    change = change_of(settle(twice(thing, lent)))
    (case,) = change.cases
    assert (case.kind, case.asset, case.repair) == (
        CaseKind.DOUBLE_SEEN,
        "drill-1",
        Repair(finding=Finding.DOUBLE_SEEN),
    )
    assert [(each.move, each.state, each.to, each.case) for each in change.events] == [
        (Move.SEEN, State.UNCONFIRMED, HERE, case.id)
    ]


def open_case(**more: Any) -> Case:
    return Case(
        **{"id": "c", "kind": CaseKind.MISPLACED, "opened_at": BEFORE, "asset": "drill-1", "version": 2, **more}
    )


def in_doubt(**more: Any) -> Any:
    return drill(**{"state": State.UNCONFIRMED, "custodian": HERE, "case": "c", **more})


@pytest.mark.parametrize(
    ("before", "alone"),
    [(None, False), (GHOST, False), (Repair(finding=Finding.GHOST, move=Move.DECLARE_MISSING, alone=True), True)],
)
@pytest.mark.parametrize("seen_twice", [True, False])
def test_an_open_case_about_what_is_seen_again_proposes_what_is_seen(
    before: Repair | None, alone: bool, seen_twice: bool
) -> None:
    known = open_case(repair=before)
    rest = Rest(also={"E1": OTHER}) if seen_twice else Rest()
    change = change_of(settle(look(in_doubt(), tags=("E1",), rest=rest, cases={"c": known})))
    found = TWICE if seen_twice else STOW
    proposed = Repair(finding=found.finding, move=found.move, bank=found.bank, door=found.door, alone=alone)
    assert [became(known, each) for each in change.cases] == [{"repair": proposed, "version": 3}]
    assert change.events == ()


@pytest.mark.parametrize(
    ("known", "rest"),
    [
        (open_case(repair=STOW), Rest()),
        (open_case(repair=TWICE), Rest(also={"E1": OTHER})),
        (open_case(repair=Repair(finding=Finding.DOUBLE_SEEN, bank="hq-09", door=9)), Rest(also={"E1": OTHER})),
        (open_case(repair=Repair(finding=Finding.STRAY)), Rest()),
        (open_case(state=CaseState.RESOLVED), Rest()),
        (open_case(asset="drill-9", waiting=("drill-1",)), Rest()),
        (open_case(repair=GHOST), None),
    ],
    ids=["the same", "twice", "twice elsewhere", "retired", "answered", "another's", "not at rest"],
)
def test_a_case_is_not_written_again_where_nothing_new_is_proposed(known: Case, rest: Rest | None) -> None:
    change = change_of(settle(look(in_doubt(), tags=("E1",), rest=rest, cases={"c": known})))
    assert (change.cases, change.events) == ((), ())


@pytest.mark.parametrize(
    "before",
    [
        Repair(finding=Finding.GHOST, move=Move.STOW, bank="hq-01", door=2),
        Repair(finding=Finding.GHOST, move=Move.STOW, bank="hq-02", door=1),
        Repair(finding=Finding.DOUBLE_SEEN, bank="hq-01", door=1),
    ],
)
def test_another_place_is_another_proposal(before: Repair) -> None:
    known = open_case(repair=before)
    change = change_of(settle(look(in_doubt(), tags=("E1",), rest=Rest(), cases={"c": known})))
    assert [each.repair for each in change.cases] == [STOW]


def test_no_more_than_three_cases_are_kept_up_to_date_at_once() -> None:
    things = [in_doubt(id=f"drill-{number}", tag=f"E{number}", case=f"c{number}") for number in range(1, 6)]
    known = {f"c{number}": open_case(id=f"c{number}", asset=f"drill-{number}") for number in range(1, 6)}
    tags = tuple(f"E{number}" for number in range(1, 6))
    change = change_of(settle(look(*things, tags=tags, rest=Rest(), cases=known)))
    assert [each.id for each in change.cases] == ["c1", "c2", "c3"]


BANK = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.EXPRESS, generation=3, boot=1)


def status(**more: Any) -> Status:
    known = {"op": "st-1", "at": NOW, "boot": 2, "seq": 7, "journal_depth": 0, "firmware": "1.2", "doors": {}}
    return Status(**{**known, **more})


@pytest.mark.parametrize(("skew_s", "told"), [(0, False), (120, False), (-120, False), (121, True), (-300, True)])
def test_a_clock_more_than_two_minutes_off_is_a_case_a_boot(skew_s: int, told: bool) -> None:
    received = NOW + timedelta(seconds=3)
    change = heard(BANK, status(skew=timedelta(seconds=skew_s)), received=received)
    assert change.heard == Heard(bank="hq-01", at=received, boot=2, firmware="1.2", seq=(2, 7))
    assert (change.op, change.at) == ("st-1", NOW)
    case = {
        "id": derived("case", "clock_skew", "hq-01", "3", "2"),
        "kind": CaseKind.CLOCK_SKEW,
        "opened_at": NOW,
        "site": "hq",
        "bank": "hq-01",
        "detail": f"its clock is {skew_s} s off",
    }
    assert [said(each) for each in change.cases] == ([case] if told else [])


def test_a_clock_that_is_off_is_not_told_again_in_the_same_boot() -> None:
    assert heard(BANK, status(boot=1, skew=timedelta(hours=1)), received=NOW).cases == ()


@pytest.mark.parametrize(
    "thing",
    [drill(state=State.UNCONFIRMED, custodian=NEXT), drill(custodian=NEXT, case="c")],
    ids=["in doubt, and no case says so", "as recorded elsewhere, with a case about it"],
)
def test_what_is_seen_twice_and_no_case_of_a_doubt_is_about_is_a_case(thing: Any) -> None:
    change = change_of(settle(twice(thing, cases={"c": open_case()} if thing.case else {})))
    assert [(each.kind, each.asset) for each in change.cases] == [(CaseKind.DOUBLE_SEEN, "drill-1")]
    assert [(each.move, each.to, each.case) for each in change.events] == [(Move.SEEN, HERE, change.cases[0].id)]


def test_what_is_seen_twice_and_waits_in_a_case_about_its_kit_is_left_to_that_case() -> None:
    kits = open_case(asset="drill-9", waiting=("drill-1",))
    change = change_of(settle(twice(in_doubt(custodian=NEXT), cases={"c": kits})))
    assert (change.cases, change.events) == ((), ())
