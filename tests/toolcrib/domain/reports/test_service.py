"""The outcomes of a remote opening: what tags cannot settle is unconfirmed, with the opener last seen (design.md)."""

import pytest

from tests.support.admins import ADMIN
from tests.support.outcomes import GONE, NOBODYS, OTHER_TAG, TAG, beside, lend, stage
from tests.support.workplace import drill, person, put_asset
from tests.support.world import World
from toolcrib.domain.assets import Custodian
from toolcrib.domain.cases import CaseState
from toolcrib.domain.record import replace

OMAR = replace(ADMIN, person="p-9")


@pytest.fixture(autouse=True)
def omar(here: World) -> None:
    here.meet(person(9))


def open_kinds(here: World) -> list[str]:
    return sorted(str(case.kind) for case in here.cases() if case.state is CaseState.OPEN)


def test_what_tags_show_to_be_where_it_was_stays(here: World) -> None:
    hq = stage(here)
    opened = here.open_remotely(by=OMAR)
    before = here.asset()
    hq.does(opened, "opened")
    hq.does(opened, "closed", tags=[TAG])
    assert here.asset() == before
    assert here.grant().state == "used"
    assert here.cases() == []
    assert here.door().unlendable is None


def test_what_tags_show_to_be_gone_was_last_seen_with_the_opener_who_may_bring_it_back(here: World) -> None:
    hq = stage(here)
    opened = here.open_remotely(by=OMAR)
    hq.does(opened, "closed", tags=[])
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.person("p-9"))
    assert open_kinds(here) == ["unresolved"]
    assert set(here.person("p-9").holdings) == {"x.drill-1"}
    assert here.door().unlendable is None


@pytest.mark.parametrize("evidence", ["presence", "door_only"])
def test_what_nothing_can_tell_is_unconfirmed_and_the_door_not_used_until_somebody_looked(
    here: World, evidence: str
) -> None:
    hq = stage(here, evidence)
    opened = here.open_remotely(by=OMAR)
    hq.does(opened, "closed")
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.person("p-9"))
    assert here.door().unlendable == "unresolved"
    hq.send(hq.status({1: "closed"}))
    assert here.door().unlendable == "unresolved"


def test_presence_is_enough_to_tell_that_the_only_thing_is_still_there(here: World) -> None:
    hq = stage(here, "presence")
    before = here.asset()
    hq.does(here.open_remotely(by=OMAR), "closed", present=True)
    assert here.asset() == before


def test_what_was_put_in_meanwhile_is_unconfirmed_here(here: World) -> None:
    hq = stage(here)
    put_asset(drill(2))
    hq.does(here.open_remotely(by=OMAR), "closed", tags=[TAG, OTHER_TAG])
    assert here.asset("drill-2").custodian == Custodian.at_door("hq-01", 1)
    assert open_kinds(here) == ["unexpected_item"]


def test_an_opener_who_is_no_person_leaves_the_thing_last_seen_at_the_door(here: World) -> None:
    hq = stage(here)
    hq.does(here.open_remotely(by=replace(ADMIN, person="nobody-known")), "closed", tags=[])
    assert here.asset().custodian == Custodian.at_door("hq-01", 1)


@pytest.mark.parametrize("saw", ["not_opened", "jammed"])
def test_a_door_that_did_not_open_changes_nothing(here: World, saw: str) -> None:
    hq = stage(here)
    before = here.asset()
    hq.does(here.open_remotely(by=OMAR), saw)
    assert here.asset() == before
    assert here.grant().state == "failed"


def test_nobody_knows_how_it_ended_so_everything_inside_is_unconfirmed(here: World) -> None:
    hq = stage(here, capacity=2)
    beside(here, drill(2))
    hq.does(here.open_remotely(by=OMAR), "unresolved")
    assert {here.asset(each).custodian for each in ("drill-1", "drill-2")} == {Custodian.person("p-9")}
    assert here.door().unlendable == "unresolved"


@pytest.mark.parametrize("evidence", GONE)
def test_ten_minutes_without_a_report_are_as_doubtful(here: World, evidence: str) -> None:
    stage(here, evidence)
    here.open_remotely(by=OMAR)
    here.later(minutes=11)
    here.sweep()
    assert here.asset().state == "unconfirmed"
    assert here.door().unlendable == "unresolved"


def test_an_empty_door_of_which_nobody_knows_is_a_case_as_well(here: World) -> None:
    stage(here)
    here.open_remotely(2, by=OMAR)
    here.later(minutes=11)
    here.sweep()
    assert open_kinds(here) == ["unresolved"]


def test_a_late_closing_with_tags_says_where_things_are(here: World) -> None:
    hq = stage(here)
    opened = here.open_remotely(by=OMAR)
    report = hq.saw(opened, "closed", tags=[TAG])
    here.later(minutes=11)
    here.sweep()
    hq.send(report)
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 1))
    assert here.person("p-9").holdings == {}


def test_an_opening_ends_the_doubt_of_before_where_tags_tell_what_is_inside(here: World) -> None:
    hq = stage(here)
    hq.does(None, "closed", door=2, tags=["E2009999"])
    hq.does(None, "forced", door=2)
    hq.does(here.open_remotely(2, by=OMAR), "closed", tags=[])
    assert here.door(2).unlendable is None


def test_an_opening_past_the_end_of_a_take_leaves_the_take_unresolved_and_its_report_still_counts(here: World) -> None:
    hq = stage(here)
    taking = hq.tap()
    late = hq.saw(taking, "closed", tags=[])
    here.later(minutes=1)
    opened = here.open_remotely(by=OMAR)
    assert here.asset().custodian == Custodian.person("p-1")
    hq.does(opened, "closed", tags=[])
    hq.send(late)
    assert (here.asset().state, here.loan(taking.grant).state) == ("on_loan", "open")


def test_an_opening_past_the_end_of_a_return_leaves_the_loan_as_it_was(here: World) -> None:
    hq, loan = lend(here)
    hq.tap()
    here.later(minutes=1)
    hq.does(here.open_remotely(by=OMAR), "closed", tags=[])
    assert here.loan(loan).state == "open"
    assert open_kinds(here) == ["unresolved"]


def test_the_same_report_of_an_opening_again_is_no_news(here: World) -> None:
    hq = stage(here)
    opened = here.open_remotely(by=OMAR)
    report = hq.saw(opened, "closed", tags=[])
    for _ in range(3):
        hq.send(report)
    assert [str(event.move) for event in here.events()] == ["not_seen"]
    assert len(here.cases()) == 1


def test_a_tag_that_nobody_knows_is_a_case(here: World) -> None:
    hq = stage(here)
    hq.does(here.open_remotely(by=OMAR), "closed", tags=[TAG, NOBODYS])
    assert open_kinds(here) == ["unknown_tag"]
