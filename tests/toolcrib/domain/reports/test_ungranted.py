"""What a door did without a grant (rules.md, *Doors*: forced; tags never close a loan by themselves)."""

import pytest

from tests.support.outcomes import NOBODYS, OTHER_TAG, TAG, beside, lend, stage
from tests.support.workplace import drill, put_asset
from tests.support.world import World
from toolcrib.domain.assets import Custodian
from toolcrib.domain.cases import CaseState
from toolcrib.domain.states import State


def open_kinds(here: World) -> list[str]:
    return sorted(str(case.kind) for case in here.cases() if case.state is CaseState.OPEN)


@pytest.mark.parametrize("saw", ["forced", "opened"])
def test_a_door_opened_without_a_grant_is_forced_and_what_lay_inside_unconfirmed(here: World, saw: str) -> None:
    hq = stage(here, capacity=2)
    beside(here, drill(2))
    hq.does(None, saw, door=1)
    for asset in ("drill-1", "drill-2"):
        assert here.asset(asset).state == "unconfirmed"
        assert here.asset(asset).custodian == Custodian.at_door("hq-01", 1)
    assert open_kinds(here) == ["forced"]
    door = here.door()
    assert (door.contents, door.unlendable, door.physical) == ((), "forced", "open")
    assert hq.tap().code == "nothing_available"


def test_an_empty_door_that_is_forced_is_a_case_and_is_not_used(here: World) -> None:
    hq = stage(here)
    hq.does(None, "forced", door=2)
    assert open_kinds(here) == ["forced"]
    assert here.door(2).unlendable == "forced"
    assert here.asset().state == "stowed"


@pytest.mark.parametrize("reports_in_between", [0, 70])
def test_a_forced_door_heard_again_is_no_second_case_however_much_later(here: World, reports_in_between: int) -> None:
    hq = stage(here)
    forced = hq.saw(None, "forced", door=1)
    hq.send(forced)
    for _ in range(reports_in_between):
        hq.does(None, "not_opened", door=1)
    before = here.asset()
    heard = hq.send(forced)
    assert [each.kind for each in heard] == ["ack"]
    assert len(here.cases()) == 1
    assert here.asset() == before


def test_a_forced_door_does_not_doubt_what_was_put_in_since(here: World) -> None:
    hq, loan = lend(here)
    forced = hq.saw(None, "forced", door=1)
    here.later(minutes=2)
    back = hq.tap()
    assert back.door == 1
    hq.does(back, "closed", tags=[TAG])
    hq.send(forced)
    assert (here.asset().state, here.loan(loan).state) == ("stowed", "closed")
    assert here.door().unlendable == "forced"


def test_closed_without_a_grant_and_something_missing_is_unconfirmed_last_seen_here(here: World) -> None:
    hq = stage(here)
    hq.does(None, "closed", door=1, tags=[])
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 1))
    assert here.door().contents == ()
    assert open_kinds(here) == ["misplaced"]


def test_closed_without_a_grant_and_everything_there_changes_nothing(here: World) -> None:
    hq = stage(here)
    before = here.asset()
    hq.does(None, "closed", door=1, tags=[TAG])
    assert here.asset() == before
    assert here.cases() == []


def test_tags_never_close_a_loan_by_themselves_and_the_holder_is_left_in_peace(here: World) -> None:
    hq, loan = lend(here)
    hq.does(None, "closed", door=3, tags=[TAG])
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 3))
    assert here.loan(loan).state == "open"
    assert here.loan(loan).paused_until is not None
    assert open_kinds(here) == ["unexpected_item"]
    assert here.door(3).unlendable == "unexpected_item"


def test_a_thing_that_moved_to_another_door_by_itself_is_unconfirmed_and_both_doors_are_locked(here: World) -> None:
    hq = stage(here)
    hq.does(None, "closed", door=3, tags=[TAG])
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 3))
    assert (here.door(1).contents, here.door(1).unlendable) == ((), "unexpected_item")


def test_a_tag_that_nobody_knows_is_a_case(here: World) -> None:
    hq = stage(here)
    hq.does(None, "closed", door=2, tags=[NOBODYS])
    assert open_kinds(here) == ["unknown_tag"]


def test_seen_here_and_then_there_is_one_case_that_follows_the_thing(here: World) -> None:
    hq, _ = lend(here)
    hq.does(None, "closed", door=3, tags=[TAG])
    hq.does(None, "closed", door=3, tags=[])
    hq.does(None, "closed", door=4, tags=[TAG])
    assert here.asset().custodian == Custodian.at_door("hq-01", 4)
    assert open_kinds(here) == ["unexpected_item"]


def test_an_old_closing_without_a_grant_says_nothing_of_what_was_put_in_since(here: World) -> None:
    hq, _ = lend(here)
    old = hq.saw(None, "closed", door=1, tags=[])
    here.later(minutes=2)
    hq.does(hq.tap(), "closed", tags=[TAG])
    hq.send(old)
    assert here.asset().state == "stowed"


@pytest.mark.parametrize(("saw", "case"), [("left_open", "left_open"), ("jammed", "jammed")])
def test_what_else_a_door_does_without_a_grant_is_a_case_about_the_door(here: World, saw: str, case: str) -> None:
    hq = stage(here)
    hq.does(None, saw, door=1)
    assert open_kinds(here) == [case]
    assert here.asset().state == "stowed"


def test_not_opened_without_a_grant_says_nothing(here: World) -> None:
    hq = stage(here)
    hq.does(None, "not_opened", door=1)
    assert here.cases() == []
    assert here.asset().state == "stowed"


def test_unresolved_without_a_grant_is_as_doubtful_as_forced(here: World) -> None:
    hq = stage(here)
    hq.does(None, "unresolved", door=1)
    assert here.asset().state == "unconfirmed"
    assert open_kinds(here) == ["unresolved"]


def test_a_forced_door_tells_the_sites_people_at_once(here: World) -> None:
    hq = stage(here)
    hq.does(None, "forced", door=1)
    assert here.notices() == []  # the site has neither channel nor supervisors
    here.site_has(supervisors=("p-1",), channel="#tools")
    hq.does(None, "forced", door=2)
    told = [(notice.recipient, str(notice.via), notice.urgent) for notice in here.notices()]
    assert sorted(told) == [("#tools", "slack", True), ("p-1", "email", True), ("p-1", "slack", True)]


def test_what_a_presence_sensor_feels_without_a_grant_can_only_say_that_all_is_gone(here: World) -> None:
    hq = stage(here, "presence", capacity=2)
    beside(here, drill(2))
    hq.does(None, "closed", door=1, present=True)
    assert {here.asset(each).state for each in ("drill-1", "drill-2")} == {State.STOWED}
    hq.does(None, "closed", door=1, present=False)
    assert {here.asset(each).state for each in ("drill-1", "drill-2")} == {State.UNCONFIRMED}


def test_many_strange_things_at_once_are_judged_a_few_at_a_time(here: World) -> None:
    hq = stage(here)
    for number in range(2, 12):
        put_asset(drill(number))
    hq.does(None, "closed", door=2, tags=[f"E200{number:04d}" for number in range(2, 12)])
    doubted = [each for each in range(2, 12) if here.asset(f"drill-{each}").state is State.UNCONFIRMED]
    assert len(doubted) == 3
    assert OTHER_TAG == "E2000002"
    assert max(len(request["TransactItems"]) for _, request in here.calls("TransactWriteItems")) <= 25
