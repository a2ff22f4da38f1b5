"""A bank at rest held against the record: what is seen, what is lifted, and what says nothing (design.md, `seen`)."""

from typing import Any

import pytest

from chalicelib.flows import move_asset
from tests.support.admins import asked
from tests.support.outcomes import NOBODYS, OTHER_TAG, TAG, beside, lend, stage
from tests.support.workplace import bank, drill, person
from tests.support.world import World
from toolcrib.domain.assets import Custodian
from toolcrib.domain.cases import CaseState
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.states import Move

DOORS = dict.fromkeys(range(1, 5), "closed")
AS_RECORDED: dict[int, list[str] | None] = {1: [TAG], 2: [], 3: [], 4: []}


def open_kinds(here: World) -> list[str]:
    return sorted(str(case.kind) for case in here.cases() if case.state is CaseState.OPEN)


def seeing(**at: list[str] | None) -> dict[int, list[str] | None]:
    return AS_RECORDED | {int(door.removeprefix("door_")): tags for door, tags in at.items()}


def test_a_status_that_agrees_writes_nothing_but_that_the_bank_was_heard_and_what_it_saw(here: World) -> None:
    hq = stage(here)
    assert here.dynamo is not None
    before = here.dynamo.snapshot()
    hq.send(hq.status(DOORS, AS_RECORDED))
    after = here.dynamo.snapshot()
    assert sorted(key for key in after["state"] if after["state"][key] != before["state"].get(key)) == [
        ("acme#BANK#hq-01", "CONFIG"),
        ("acme#VIEW#hq-01", "PART#01"),
    ]
    assert after["ledger"] == before["ledger"]


def test_a_thing_that_is_not_where_it_should_be_is_unconfirmed_last_seen_here(here: World) -> None:
    hq = stage(here)
    here.later(minutes=1)
    hq.send(hq.status(DOORS, seeing(door_1=[])))
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 1))
    assert open_kinds(here) == ["misplaced"]


def test_a_thing_on_loan_that_lies_in_a_door_is_unconfirmed_and_its_loan_stays_open(here: World) -> None:
    hq, loan = lend(here)
    hq.send(hq.status(DOORS, seeing(door_1=[], door_3=[TAG])))
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 3))
    assert here.loan(loan).state == "open"
    assert here.loan(loan).paused_until is not None


def test_two_things_that_changed_doors_are_moved_together(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    here.later(minutes=1)
    hq.send(hq.status(DOORS, seeing(door_1=[OTHER_TAG], door_2=[TAG])))
    assert here.asset("drill-1").custodian == Custodian.at_door("hq-01", 2)
    assert here.asset("drill-2").custodian == Custodian.at_door("hq-01", 1)
    assert {here.asset(each).state for each in ("drill-1", "drill-2")} == {"stowed"}
    assert {(event.move, event.evidence) for event in here.events()[-1:]} == {("reconciled", "tags")}
    assert here.cases() == []


def test_what_waits_for_the_workshop_in_a_door_and_is_seen_in_another_bank_leaves_the_first(
    here: World,
) -> None:
    stage(here)
    move_asset.handle(asked("m", at=here.now), "drill-1", Move.SEND_TO_REPAIR, reason="it smokes")
    assert (here.asset().state, here.door(1).unlendable) == ("in_repair", "in_repair")
    here.later(minutes=1)
    other = here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=1)
    other.send(other.status({1: "closed"}, {1: [TAG]}))
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-02", 1))
    assert here.door(1).contents == ()


def test_behind_a_bolt_that_is_stuck_tags_say_what_is_there(here: World) -> None:
    hq = stage(here)
    here.later(minutes=1)
    hq.send(hq.status({**DOORS, 1: "fault"}, seeing(door_1=[])))
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 1))
    assert open_kinds(here) == ["misplaced"]


def test_a_tag_that_nobody_knows_is_a_case_once(here: World) -> None:
    hq = stage(here)
    for _ in range(3):
        here.later(minutes=5)
        hq.send(hq.status(DOORS, seeing(door_2=[NOBODYS])))
    assert open_kinds(here) == ["unknown_tag"]


@pytest.mark.parametrize(
    ("says", "body"),
    [
        ("reports are still out", {"journal_depth": 1}),
        ("the door is open", {"doors": {1: "open"}}),
        ("the door is at fault, its sensors, too", {"doors": {1: "fault"}, "tags": {1: None}}),
        ("it says nothing of the door", {"doors": {2: "closed"}}),
        ("nothing could read its tags", {"tags": {1: None}}),
        ("it says nothing of its tags", {"tags": {}}),
    ],
)
def test_a_status_proves_nothing_of_a_door_when(here: World, says: str, body: dict[str, Any]) -> None:
    hq = stage(here)
    here.later(minutes=1)
    hq.send(hq.status(**{"doors": DOORS, "tags": seeing(door_1=[]), **body}))
    assert here.asset().state == "stowed", says
    assert here.cases() == []


def test_a_door_with_a_grant_in_flight_is_not_compared(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    hq.send(hq.status(DOORS, seeing(door_1=[])))
    assert here.asset().state == "stowed"
    hq.does(opened, "closed", tags=[])
    assert here.asset().state == "on_loan"


def test_a_status_of_before_a_return_does_not_say_that_what_came_back_is_missing(here: World) -> None:
    hq, _ = lend(here)
    old = hq.status(DOORS, {each: [] for each in DOORS}, journal_depth=0)
    here.later(seconds=30)
    hq.does(hq.tap(), "closed", tags=[TAG])
    hq.send(old)
    assert here.asset().state == "stowed"


def test_a_status_of_before_a_take_does_not_say_that_what_was_taken_came_back(here: World) -> None:
    hq = stage(here)
    old = hq.status(DOORS, AS_RECORDED, journal_depth=0)
    here.later(seconds=30)
    hq.does(hq.tap(), "closed", tags=[])
    hq.send(old)
    assert here.asset().state == "on_loan"


def test_a_status_of_before_an_unresolved_take_says_nothing_of_where_it_is_now(here: World) -> None:
    hq = stage(here)
    old = hq.status(DOORS, AS_RECORDED, journal_depth=0)
    here.later(seconds=30)
    hq.tap()
    here.later(minutes=11)
    here.sweep()
    hq.send(old)
    assert here.asset().custodian == Custodian.person("p-1")


def test_seen_inside_after_an_unresolved_take_it_was_last_seen_here_and_its_report_still_counts(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    late = hq.saw(opened, "closed", tags=[TAG])
    here.later(minutes=11)
    here.sweep()
    here.later(minutes=1)
    hq.send(hq.status(DOORS, AS_RECORDED, journal_depth=0))
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 1))
    assert open_kinds(here) == ["unresolved"]
    assert here.door().unlendable == "unexpected_item"
    hq.send(late)
    assert here.loan(opened.grant).state == "void"
    assert here.person().holdings == {}


def test_a_status_without_tags_lets_a_door_be_used_again_after_an_unresolved_take(here: World) -> None:
    hq = stage(here, "door_only")
    hq.tap()
    here.later(minutes=11)
    here.sweep()
    assert here.door().unlendable == "unresolved"
    here.later(minutes=1)
    hq.send(hq.status(DOORS))
    assert (here.door().unlendable, here.door().physical) == (None, "closed")
    assert here.asset().state == "unconfirmed"


def test_a_status_without_tags_does_not_after_an_unresolved_return(here: World) -> None:
    hq, _ = lend(here, "door_only")
    hq.tap()
    here.later(minutes=11)
    here.sweep()
    here.later(minutes=1)
    hq.send(hq.status(DOORS))
    assert here.door().unlendable == "unresolved"


def test_tags_that_match_the_record_lift_any_doubt(here: World) -> None:
    hq = stage(here)
    hq.does(None, "forced", door=1)
    assert here.door().unlendable == "forced"
    here.later(minutes=1)
    hq.send(hq.status(DOORS, seeing(door_1=[])))
    assert here.door().unlendable is None


def test_a_forced_door_with_its_thing_still_inside_stays_closed_to_lending(here: World) -> None:
    hq = stage(here)
    hq.does(None, "forced", door=1)
    here.later(minutes=1)
    hq.send(hq.status(DOORS, AS_RECORDED))
    assert here.door().unlendable in {"forced", "unexpected_item"}


def test_a_status_lifts_no_quarantine(here: World) -> None:
    hq = stage(here)
    for _ in range(3):
        hq.does(hq.tap(), "jammed")
    here.later(minutes=1)
    hq.send(hq.status(DOORS, AS_RECORDED))
    assert here.door().unlendable == "quarantined"


def test_the_same_status_again_changes_nothing_more(here: World) -> None:
    hq = stage(here)
    here.later(minutes=1)
    status = hq.status(DOORS, seeing(door_1=[], door_3=[NOBODYS]), journal_depth=0)
    hq.send(status)
    assert here.dynamo is not None
    before = here.dynamo.snapshot()["ledger"]
    heard = hq.send(status)
    assert [each.kind for each in heard] == ["ack"]
    assert here.dynamo.snapshot()["ledger"] == before
    assert open_kinds(here) == ["misplaced", "unknown_tag"]


def test_the_persons_open_loan_is_offered_for_return_although_the_thing_was_seen_elsewhere(here: World) -> None:
    hq, loan = lend(here)
    hq.send(hq.status(DOORS, seeing(door_1=[], door_3=[TAG])))
    here.meet(person(2))
    assert here.loan(loan).state == "open"
    back = hq.tap()
    assert back.claims["purpose"] == "return"
    hq.does(back, "closed", tags=[TAG])
    assert (here.asset().state, here.loan(loan).state) == ("stowed", "closed")
