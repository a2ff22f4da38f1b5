"""Statuses against the record: what mends itself, what becomes one case with a proposal, and what must not happen."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.flows import move_asset
from tests.support.admins import asked
from tests.support.banks import FakeBank
from tests.support.outcomes import NOBODYS, OTHER_TAG, TAG, beside, lend, stage
from tests.support.workplace import ORG, bank, drill, put_asset
from tests.support.world import World
from toolcrib.domain.assets import Custodian
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.findings import Finding
from toolcrib.domain.outbox import still_true
from toolcrib.domain.states import Move, State
from toolcrib.store.views import find_parts

Tags = dict[int, list[str] | None]
CLOSED = dict.fromkeys(range(1, 5), "closed")


def inside(**at: list[str] | None) -> Tags:
    """Return what four doors show: nothing, but for those that are named."""
    return {1: [], 2: [], 3: [], 4: [], **{int(door.removeprefix("door_")): tags for door, tags in at.items()}}


def tells(here: World, of: FakeBank, tags: Tags, **more: Any) -> None:
    """Send a status, five minutes after the one before."""
    here.later(minutes=5)
    of.send(of.status({"doors": CLOSED, **more}["doors"], tags, **{k: v for k, v in more.items() if k != "doors"}))


def open_cases(here: World) -> list[Case]:
    return [case for case in here.cases() if case.state is CaseState.OPEN]


def moves(here: World, asset: str = "drill-1") -> list[str]:
    return [f"{event.move} to {event.to.door} by {event.evidence}" for event in here.events(asset)]


def at(here: World, asset: str = "drill-1") -> tuple[str, Custodian]:
    found = here.asset(asset)
    return str(found.state), found.custodian


# --- wrong door ---


def test_a_stowed_thing_that_is_seen_in_another_door_of_its_bank_is_moved_there_by_one_event(here: World) -> None:
    hq = stage(here)
    tells(here, hq, inside(door_3=[TAG]))
    assert at(here) == ("stowed", Custodian.at_door("hq-01", 3))
    assert moves(here) == ["reconciled to 3 by tags"]
    assert [[content.asset for content in here.door(number).contents] for number in (1, 3)] == [[], ["drill-1"]]
    assert here.cases() == []
    assert hq.tap().door == 3


def test_the_same_status_again_and_the_next_one_change_nothing_more(here: World) -> None:
    hq = stage(here)
    here.later(minutes=5)
    status = hq.status(CLOSED, inside(door_3=[TAG]))
    hq.send(status)
    before = here.asset()
    hq.repeat(status)
    tells(here, hq, inside(door_3=[TAG]))
    assert here.asset() == before


def test_a_ring_of_three_is_moved_together(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    beside(here, drill(3), number=3)
    tells(here, hq, inside(door_1=["E2000003"], door_2=[TAG], door_3=[OTHER_TAG]))
    assert [at(here, f"drill-{each}")[1].door for each in (1, 2, 3)] == [2, 3, 1]
    assert here.cases() == []
    assert max(len(request["TransactItems"]) for _, request in here.calls("TransactWriteItems")) <= 25


@pytest.mark.parametrize(
    ("why", "tags", "more"),
    [
        ("its old door could not be read", inside(door_1=None, door_3=[TAG]), {}),
        ("the new door's bolt is at fault", inside(door_3=[TAG]), {"doors": {**CLOSED, 3: "fault"}}),
        ("something else in that door is unknown", inside(door_3=[TAG, NOBODYS]), {}),
        ("the status is not all there", inside(door_3=[TAG]), {"part": 1, "parts": 2}),
    ],
)
def test_a_person_decides_where(here: World, why: str, tags: Tags, more: dict[str, Any]) -> None:
    hq = stage(here)
    tells(here, hq, tags, **more)
    assert at(here) == ("unconfirmed", Custodian.at_door("hq-01", 3)), why
    (case,) = [each for each in open_cases(here) if each.asset == "drill-1"]
    assert case.repair is not None
    assert (case.repair.move, case.repair.bank, case.repair.door) == (Move.STOW, "hq-01", 3), why


@pytest.mark.parametrize(
    ("why", "tags", "more"),
    [
        ("a report is still out", inside(door_3=[TAG]), {"journal_depth": 1}),
        ("the new door is open", inside(door_3=[TAG]), {"doors": {**CLOSED, 3: "open"}}),
        ("the door is not told of", {1: []}, {"doors": {1: "closed", 2: "closed"}, "journal_depth": 1}),
    ],
)
def test_a_status_moves_nothing_where(here: World, why: str, tags: Tags, more: dict[str, Any]) -> None:
    hq = stage(here)
    tells(here, hq, tags, **more)
    assert here.asset().state is not State.STOWED or at(here) == ("stowed", Custodian.at_door("hq-01", 1)), why
    assert "reconciled" not in " ".join(moves(here))


def test_while_somebody_is_served_at_one_of_the_doors_nothing_is_moved(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    tells(here, hq, inside(door_3=[TAG]), journal_depth=1)
    assert at(here) == ("stowed", Custodian.at_door("hq-01", 1))
    assert here.loan(opened.grant).state == "pending"


def test_a_full_door_takes_nothing_more_on_record(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    tells(here, hq, inside(door_2=[TAG, OTHER_TAG]))
    assert [content.asset for content in here.door(2).contents] == ["drill-2"]
    assert here.asset().state is State.UNCONFIRMED


def test_parts_of_a_status_are_put_together_and_judged_with_the_last(here: World) -> None:
    hq = here.place(bank(), doors=20, stowed={1: drill()})
    for part, numbers in ((1, range(1, 17)), (2, range(17, 21))):
        tags: Tags = {number: [TAG] if number == 20 else [] for number in numbers}
        here.later(seconds=1)
        hq.send(hq.status(dict.fromkeys(numbers, "closed"), tags, part=part, parts=2, journal_depth=0))
    assert at(here)[1] == Custodian.at_door("hq-01", 20)


def test_a_bank_that_was_enrolled_anew_counts_its_boots_from_one_and_is_believed(here: World) -> None:
    hq = stage(here)
    hq.boot = 7
    tells(here, hq, inside(door_1=[TAG]))
    hq.boot = 1
    tells(here, hq, inside(door_2=[TAG]))
    assert at(here) == ("stowed", Custodian.at_door("hq-01", 2))


def test_an_old_status_that_comes_late_is_no_view(here: World) -> None:
    hq = stage(here)
    old = hq.status(CLOSED, inside(door_3=[TAG]), journal_depth=0)
    tells(here, hq, inside(door_1=[TAG]), journal_depth=0)
    hq.send(old)
    assert here.asset().custodian == Custodian.at_door("hq-01", 1) or here.asset().state is State.UNCONFIRMED
    (part,) = find_parts(ORG, "hq-01").values()
    assert part.at == here.now


# --- ghosts ---


def test_a_tag_that_a_reader_missed_once_is_doubted_and_put_back_by_itself(here: World) -> None:
    hq = stage(here)
    here.site_has(supervisors=("p-1",))
    tells(here, hq, inside())
    (case,) = open_cases(here)
    assert (case.kind, case.repair and case.repair.finding) == ("misplaced", Finding.GHOST)
    tells(here, hq, inside(door_1=[TAG]))
    assert at(here) == ("stowed", Custodian.at_door("hq-01", 1))
    assert moves(here) == ["not_seen to 1 by tags", "reconciled to 1 by tags"]
    assert open_cases(here) == []
    (notice,) = here.notices()
    assert notice.hold_until is not None
    assert notice.hold_until > here.now
    assert not still_true(notice, here.cases()[0])  # so that nobody is told


def test_it_is_put_back_into_another_door_of_its_bank_too(here: World) -> None:
    hq = stage(here)
    tells(here, hq, inside())
    tells(here, hq, inside(door_4=[TAG]))
    assert at(here) == ("stowed", Custodian.at_door("hq-01", 4))


def test_what_comes_and_goes_is_two_cases_a_day_and_then_a_persons(here: World) -> None:
    hq = stage(here)
    for _ in range(20):
        tells(here, hq, inside())
        tells(here, hq, inside(door_1=[TAG]))
    assert len(here.cases()) == 2
    assert len(open_cases(here)) == 1
    assert len(here.events()) == 3  # missed, put back, missed for good
    (case,) = open_cases(here)
    assert case.repair is not None
    assert (case.repair.move, case.repair.door, case.repair.alone) == (Move.STOW, 1, False)


def test_the_next_day_a_reader_may_miss_it_once_again(here: World) -> None:
    hq = stage(here)
    for _ in range(3):
        tells(here, hq, inside())
        tells(here, hq, inside(door_1=[TAG]))
        here.later(days=1)
    assert at(here) == ("stowed", Custodian.at_door("hq-01", 1))
    assert open_cases(here) == []


def test_what_was_doubted_after_a_grant_never_mends_itself(here: World) -> None:
    hq = stage(here)
    hq.tap()
    here.later(minutes=11)
    here.sweep()
    tells(here, hq, inside(door_1=[TAG]), journal_depth=0)
    tells(here, hq, inside(door_2=[TAG]), journal_depth=0)
    assert here.asset().state is State.UNCONFIRMED


def test_a_forced_doors_thing_never_mends_itself(here: World) -> None:
    hq = stage(here)
    hq.does(None, "forced", door=1)
    for door in ("door_1", "door_2", "door_1"):
        tells(here, hq, inside(**{door: [TAG]}))
        assert here.asset().state is State.UNCONFIRMED


# --- strays ---


def test_a_thing_on_loan_seen_in_a_door_is_a_case_that_proposes_to_stow_it_and_its_loan_stays_open(here: World) -> None:
    hq, loan = lend(here)
    for _ in range(4):
        tells(here, hq, inside(door_2=[TAG]))
    assert here.asset().state is State.UNCONFIRMED
    assert here.loan(loan).state == "open"
    (case,) = here.cases()
    assert case.repair is not None
    assert (case.repair.finding, case.repair.move, case.repair.door) == (Finding.STRAY, Move.STOW, 2)


@pytest.mark.parametrize("given_up", [Move.DECLARE_MISSING, Move.DECLARE_LOST, Move.RETIRE])
def test_what_nobody_expected_any_more_is_proposed_and_never_found_by_itself(here: World, given_up: Move) -> None:
    hq = stage(here)
    then = {Move.DECLARE_LOST: (Move.DECLARE_MISSING, Move.DECLARE_LOST)}.get(given_up, (given_up,))
    put_asset(drill(2), then=then)
    for _ in range(3):
        tells(here, hq, inside(door_1=[TAG], door_2=[OTHER_TAG]))
    assert here.asset("drill-2").state is State.UNCONFIRMED
    (case,) = here.cases()
    assert case.repair is not None
    assert case.repair.move is (None if given_up is Move.RETIRE else Move.STOW)


def test_a_thing_of_another_bank_is_doubted_even_if_both_readers_agree(here: World) -> None:
    hq = stage(here)
    other = here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=4)
    tells(here, hq, inside(door_1=[TAG]))
    tells(here, other, inside(door_2=[TAG]))
    tells(here, hq, inside())
    tells(here, other, inside(door_2=[TAG]))
    assert at(here) == ("unconfirmed", Custodian.at_door("hq-02", 2))
    (case,) = open_cases(here)
    assert case.repair is not None
    assert (case.repair.move, case.repair.bank, case.repair.door) == (Move.STOW, "hq-02", 2)


def test_a_thing_in_repair_that_turns_up_next_door_is_a_case(here: World) -> None:
    hq = stage(here)
    move_asset.handle(asked("m", at=here.now), "drill-1", Move.SEND_TO_REPAIR, reason="it smokes")
    tells(here, hq, inside(door_2=[TAG]))
    assert here.asset().state is State.UNCONFIRMED
    cases = [case for case in open_cases(here) if case.repair is not None]
    assert [str(case.repair.move) for case in cases if case.repair is not None] == ["stow"]


# --- seen twice ---


def test_a_tag_in_two_doors_leaves_the_record_as_one_of_them_confirms_it_and_is_one_case(here: World) -> None:
    hq = stage(here)
    for _ in range(4):
        tells(here, hq, inside(door_1=[TAG], door_2=[TAG]))
    assert at(here) == ("stowed", Custodian.at_door("hq-01", 1))
    assert here.events() == []
    (case,) = here.cases()
    assert (case.kind, case.asset) == ("double_seen", "drill-1")
    assert (here.door(1).unlendable, here.door(2).unlendable) == (None, "unexpected_item")


def test_a_thing_on_loan_that_is_seen_twice_is_doubted_once_and_stays_where_it_was_put(here: World) -> None:
    hq, loan = lend(here)
    for _ in range(5):
        tells(here, hq, inside(door_2=[TAG], door_3=[TAG]))
    assert at(here) == ("unconfirmed", Custodian.at_door("hq-01", 2))
    assert len(moves(here)) == 2
    assert [str(case.kind) for case in here.cases()] == ["double_seen"]
    assert here.loan(loan).state == "open"


def test_two_banks_that_both_show_a_tag_for_good_do_not_move_the_record_to_and_fro(here: World) -> None:
    hq = stage(here)
    other = here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=4)
    tells(here, hq, inside(door_1=[TAG]))
    for _ in range(6):
        tells(here, other, inside(door_2=[TAG]))
        tells(here, hq, inside(door_1=[TAG]))
    assert len(here.events()) == 1
    (case,) = here.cases()
    assert case.repair is not None
    assert (case.repair.finding, case.repair.move) == (Finding.DOUBLE_SEEN, None)


def test_a_bank_that_claims_what_another_has_shown_all_along_moves_nothing(here: World) -> None:
    hq = stage(here)
    other = here.place(bank(id="hq-02", evidence=Evidence.TAGS), doors=4)
    here.later(minutes=5)
    other.send(other.status(CLOSED, inside(door_2=["E2000777"])))
    tells(here, hq, inside(door_1=[TAG]))
    here.later(seconds=1)
    other.send(other.status(CLOSED, inside(door_2=[TAG])))
    tells(here, hq, inside(door_1=[TAG]))
    tells(here, other, inside(door_2=[TAG]))
    assert len(here.events()) <= 1  # doubted once, at most
    assert len([case for case in here.cases() if case.asset == "drill-1"]) == 1


def test_views_are_kept_of_banks_with_readers_only(here: World) -> None:
    hq = stage(here, "door_only")
    tells(here, hq, {})
    assert find_parts(ORG, "hq-01") == {}


def test_since_when_a_tag_is_seen_is_kept_until_it_moves(here: World) -> None:
    hq = stage(here)
    tells(here, hq, inside(door_1=[TAG]))
    since = here.now
    tells(here, hq, inside(door_1=[TAG]))
    (part,) = find_parts(ORG, "hq-01").values()
    assert [each.since for each in part.doors[0].tags] == [since]
    assert part.at == since + timedelta(minutes=5)
