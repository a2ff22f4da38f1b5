"""Bringing things back without a network: always, into a door that is known to be free (rules.md, law 1)."""

from dataclasses import replace

import pytest

from edge import display
from edge.commands import Purpose
from edge.config import BankConfig
from edge.display import Choosing, Opening
from edge.drivers.base import Observation
from edge.uploads import Choice
from tests.edge.rosters import (
    ANA,
    BEN,
    CONFIG,
    DOOR_ONLY,
    DRILL,
    EXPRESS,
    LASER,
    PRESENCE,
    SAW,
    OfflineRig,
    alone,
    body,
    held,
    person,
    right,
    token,
)

EVERY = [CONFIG, DOOR_ONLY, PRESENCE]
BANKS = pytest.mark.parametrize("config", EVERY, ids=[config.evidence for config in EVERY])


def with_loans(*loans: dict[str, object], **changes: object) -> dict[str, object]:
    return body(people=[person(), person(rights=1, loans=loans)], **changes)


def returned_to(rig: OfflineRig, uid: str = BEN) -> int | None:
    """The door that opens for somebody who brings something back."""
    screens = rig.screens(rig.shows(uid))
    opened = [screen for screen in screens if isinstance(screen, Opening)]
    assert all(screen.purpose is Purpose.RETURN for screen in opened)
    return opened[0].door if opened else None


@BANKS
def test_a_loan_comes_back_into_the_door_it_fits_best(config: BankConfig) -> None:
    assert returned_to(alone(config, with_loans(held(doors=(3,))))) == 3


@BANKS
def test_without_a_fitting_door_the_largest_free_one_is_taken(config: BankConfig) -> None:
    assert returned_to(alone(config, with_loans(held(doors=())))) == 4


def test_its_reports_name_the_loans_thing() -> None:
    rig = alone()
    rig.use(returned_to(rig) or 0, SAW)
    rig.back()
    rig.settle()
    (opened, closed) = rig.sent(rig.all, "door")
    assert (opened["outcome"], closed["outcome"]) == ("opened", "closed")
    told = {"kind": "return", "badge": token(BEN), "asset": "saw-1", "roster": "r1"}
    assert (closed["grant"], closed["offline"], closed["tags"]) == (None, told, [SAW])


@BANKS
def test_it_is_never_put_into_a_door_that_holds_something(config: BankConfig) -> None:
    rig = alone(config, with_loans(held(doors=(1, 2)), free=[]))
    assert rig.pulses(rig.shows(BEN)) == []
    assert rig.screens(rig.shows(BEN)) == [display.offline_no_room("Saw 1")]


def test_where_none_is_free_nobody_is_late_for_it() -> None:
    assert "not late" in display.offline_no_room("Saw 1").text


@pytest.mark.parametrize(
    "seen",
    [
        Observation(is_open=False, present=True, tags=()),
        Observation(is_open=False, present=None, tags=("E2FF",)),
        Observation(is_open=False, present=False, tags=("E2FF",)),
        Observation(is_open=False, present=None, tags=None),
        Observation(is_open=False, present=False, tags=(), fault=True),
        Observation(is_open=True, present=False),
    ],
)
def test_a_door_in_which_sensors_see_something_or_nothing_for_certain_is_not_free(seen: Observation) -> None:
    rig = OfflineRig()
    rig.seen[3] = rig.seen[4] = seen
    rig.ack(rig.boot())
    rig.give(with_loans(held()))
    rig.lose_line()
    assert rig.screens(rig.shows(BEN)) == [display.offline_no_room("Saw 1")]


def test_a_door_that_moved_is_free_only_where_a_sensor_sees_that_it_is_empty() -> None:
    free = {}
    for config in EVERY:
        rig = alone(config, with_loans(held(doors=()), free=[3]))
        rig.move(3, is_open=True)
        rig.move(3, is_open=False)
        free[str(config.evidence)] = returned_to(rig)
    assert free == {"tags": 3, "presence": 3, "door_only": None}


def test_a_tag_reader_alone_does_not_prove_that_a_door_which_moved_is_empty() -> None:
    rig = alone(told=with_loans(held(doors=()), free=[3]))
    rig.move(3, is_open=True)
    rig.seen[3] = Observation(is_open=True, tags=())
    rig.move(3, is_open=False)
    assert returned_to(rig) is None


def test_a_door_that_was_emptied_here_is_used_when_no_other_is_free() -> None:
    rig = alone(told=with_loans(held(doors=()), free=[]))
    rig.shows(ANA)
    rig.use(1)
    assert returned_to(rig) == 1


def test_a_door_of_which_the_bank_was_told_nothing_is_never_used() -> None:
    rig = alone(replace(CONFIG, doors=4), with_loans(held(doors=()), free=[], doors={}))
    assert returned_to(rig) is None


def test_doors_that_this_bank_does_not_have_are_passed_over() -> None:
    assert returned_to(alone(told=with_loans(held(doors=(60, 3))))) == 3


def test_an_open_door_is_not_used() -> None:
    rig = alone(told=with_loans(held(doors=(3, 4))))
    rig.move(3, is_open=True)
    assert returned_to(rig) == 4


def test_a_bolt_that_stuck_sends_the_next_to_another_door() -> None:
    rig = alone(told=with_loans(held(doors=(3, 4))))
    assert returned_to(rig) == 3
    rig.did(rig.bank.on_jammed(3, rig.now()))
    assert returned_to(rig) == 4


@BANKS
def test_returning_needs_neither_the_time_nor_a_roster_in_force(config: BankConfig) -> None:
    rig = alone(config)
    rig.boot(connect=False)
    assert rig.bank.base.trusted is False
    rig.mono_ms += 100 * 86_400_000
    assert returned_to(rig) == 4


@BANKS
def test_what_was_taken_here_comes_back_here(config: BankConfig) -> None:
    rig = alone(config)
    rig.shows(ANA)
    rig.use(1)
    assert returned_to(rig, ANA) == 1  # the door it left empty


def test_what_was_taken_here_goes_elsewhere_when_its_door_moved_since() -> None:
    rig = alone(DOOR_ONLY)
    rig.shows(ANA)
    rig.use(1)
    rig.move(1, is_open=True)
    rig.move(1, is_open=False)
    assert returned_to(rig, ANA) == 4


def test_what_was_taken_here_is_known_after_a_reboot() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.use(1)
    rig.boot(connect=False)
    assert returned_to(rig, ANA) == 1


def test_what_came_back_is_not_offered_again() -> None:
    rig = alone(EXPRESS)
    rig.use(returned_to(rig) or 0, SAW)
    assert rig.screens(rig.shows(BEN)) == [display.OFFLINE_NO_ACCESS]


def test_who_taps_again_while_their_door_is_open_is_asked_to_close_it() -> None:
    rig = alone(EXPRESS)
    door = returned_to(rig) or 0
    rig.move(door, is_open=True)
    assert rig.screens(rig.shows(BEN)) == [display.please_close(door)]


@pytest.mark.parametrize("inside", [(), (LASER,)])
def test_when_the_tags_see_that_it_did_not_come_back_it_can_be_brought_again(inside: tuple[str, ...]) -> None:
    rig = alone(EXPRESS, with_loans(held(doors=(3, 4))))
    rig.use(returned_to(rig) or 0, *inside)
    assert returned_to(rig) is not None


def test_a_return_that_a_power_cut_interrupted_can_be_done_again() -> None:
    rig = alone(EXPRESS, with_loans(held(doors=(4, 3))))
    assert returned_to(rig) == 4
    rig.boot(connect=False)
    assert rig.told(rig.all)[-1] == (4, "unresolved", "return")
    assert returned_to(rig) is not None


def test_a_take_that_a_power_cut_interrupted_counts_and_can_come_back() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.boot(connect=False)
    assert rig.told(rig.all)[-1] == (1, "unresolved", "take")
    assert returned_to(rig, ANA) is not None


def test_nobody_is_offered_what_another_took() -> None:
    rig = alone(told=body(people=[person(), person()]))
    rig.shows(ANA)
    rig.use(1)
    (screen,) = rig.screens(rig.shows(BEN))
    assert isinstance(screen, Opening)
    assert (screen.purpose, screen.door) == (Purpose.TAKE, 2)


def test_without_a_screen_the_loan_due_first_comes_back_first() -> None:
    loans = (held("c", None, (3,)), held("b", "2026-11-22T09:00:00Z", (3,)), held("a", "2026-11-21T09:00:00Z", (4,)))
    rig = alone(EXPRESS, with_loans(*loans))
    doors = []
    for _ in range(3):
        door = returned_to(rig)
        doors.append(door)
        if door is not None:
            rig.use(door, SAW)
    rig.back()
    closed = [each["offline"]["asset"] for each in rig.sent(rig.settle(), "door") if each["outcome"] == "closed"]
    assert (doors, closed) == ([4, 3, None], ["a", "b"])


def test_at_a_screen_loans_and_things_are_offered_together() -> None:
    told = body(people=[person(loans=(held(),)), person()])
    (screen,) = (rig := alone(told=told)).screens(rig.shows(ANA))
    assert isinstance(screen, Choosing)
    offered = [(each.option, each.kind, each.door, each.due_at) for each in screen.session.options]
    assert offered == [("return:saw-1", "return", 4, "2026-11-21T17:00:00Z"), ("take:drill-1", "take", 1, None)]
    actions = rig.did(rig.bank.on_choice(Choice(session=screen.session.session, option="return:saw-1"), rig.now()))
    assert rig.pulses(actions) == [4]


def test_at_a_screen_a_loan_without_a_door_is_named_beside_what_may_be_taken() -> None:
    told = body(people=[person(loans=(held(doors=()),)), person()], free=[])
    (screen,) = (rig := alone(told=told)).screens(rig.shows(ANA))
    assert isinstance(screen, Choosing)
    assert [each.kind for each in screen.session.options] == ["take"]
    assert [(each.code, each.title) for each in screen.session.refusals] == [("no_free_door", "Saw 1")]


def test_without_a_screen_a_loan_without_a_door_is_not_hidden_by_a_take() -> None:
    told = body(people=[person(loans=(held(doors=()),)), person()], free=[])
    rig = alone(EXPRESS, told)
    assert rig.screens(rig.shows(ANA)) == [display.offline_no_room("Saw 1")]


def test_second_thoughts_are_not_offered_without_a_network() -> None:
    rig = alone(told=body(people=[person(), person()], rights=[[right(most=5)]]))
    rig.shows(ANA)
    rig.use(1)
    (screen,) = rig.screens(rig.shows(ANA))
    assert isinstance(screen, Choosing)
    assert {each.kind for each in screen.session.options} == {"take", "return"}


def test_what_was_brought_back_can_be_lent_again_where_tags_name_it() -> None:
    rig = alone(
        told=body(people=[person(), person()], doors={"1": [{"asset": "drill-1", "type": "drill", "tag": DRILL}]})
    )
    rig.shows(ANA)
    rig.use(1)
    rig.use(returned_to(rig, ANA) or 0, DRILL)
    assert rig.pulses(rig.shows(BEN)) == [1]
