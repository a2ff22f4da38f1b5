"""Kits whose reports come late, in another order, again, or never: one end, and each part has one custodian."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.support.banks import FakeBank, Upload
from tests.support.kits import DRONE, TAGS, drone, lent, loans, states
from tests.support.orders import Orders
from tests.support.workplace import OTHER_TOKEN, bank, drill, put_asset
from tests.support.world import World
from toolcrib.domain.cases import CaseState
from toolcrib.domain.ids import part_loan

BODY, CHARGER, CASE = TAGS
IN, OUT = "stowed 1", "on_loan p-1"
MINUTES_TO_DEADLINE = 11


def told(bank_: FakeBank, **reports: Upload) -> dict[str, Callable[[], Any]]:
    """Return a step for each report: the bank sends it (again)."""
    return {name: partial(bank_.repeat, report) for name, report in reports.items()}


def cycle(here: World, hq: FakeBank, opened: Any, **seen: Any) -> tuple[Upload, Upload]:
    """Open and close a door; returns both reports, unsent."""
    here.later(seconds=3)
    first = hq.saw(opened, "opened", opened_ms=0)
    here.later(seconds=7)
    return first, hq.saw(opened, "closed", opened_ms=7000, closed_ms=0, **seen)


def open_cases(here: World) -> list[str]:
    return sorted(str(case.kind) for case in here.cases() if case.state is CaseState.OPEN)


def test_the_loans_of_a_kit_are_made_of_its_grant(here: World) -> None:
    hq = drone(here)
    opened = hq.tap()
    first = here.loan(opened.grant)
    assert first.kit is not None
    others = [part_loan(opened.grant, each) for each in DRONE.parts[1:]]
    assert [part.loan for part in first.kit.parts] == [opened.grant, *others]


@pytest.mark.parametrize(
    ("evidence", "seen"),
    [
        ("tags", {"tags": []}),
        ("tags", {"tags": [CHARGER]}),
        ("tags", {"tags": TAGS}),
        ("presence", {"present": False}),
        ("presence", {"present": True}),
        ("door_only", {}),
    ],
)
@pytest.mark.parametrize("swept", [False, True], ids=["at once", "after the deadline"])
def test_a_take(here: World, evidence: str, seen: dict[str, Any], *, swept: bool) -> None:
    hq = drone(here, evidence)
    opened, closed = cycle(here, hq, hq.tap(), **seen)
    if swept:
        here.later(minutes=MINUTES_TO_DEADLINE)
        here.sweep()
    Orders(here, told(hq, opened=opened, closed=closed)).explore().check()


@pytest.mark.parametrize(
    ("taken", "back", "swept"),
    [
        ([], [BODY, CASE], False),
        ([], [CASE], True),
        ([], [], False),
        ([CHARGER], TAGS, False),
        ([CHARGER], TAGS, True),
    ],
    ids=["two of three", "one, after the deadline", "none", "all that was taken", "all of it, after the deadline"],
)
def test_a_take_and_a_return_that_was_authorised_while_the_reports_of_the_take_were_out(
    here: World, taken: list[str], back: list[str], *, swept: bool
) -> None:
    hq = drone(here)
    opened, closed = cycle(here, hq, hq.tap(), tags=taken)
    here.later(minutes=2)
    if swept:
        here.later(minutes=MINUTES_TO_DEADLINE)
        here.sweep()
    returning = hq.tap()
    assert returning.claims["purpose"] == "return"
    came = [tag for tag in back if tag not in taken]
    opened_again, closed_again = cycle(here, hq, returning, tags=came)
    steps = told(hq, opened=opened, closed=closed, opened_again=opened_again, closed_again=closed_again)
    Orders(here, steps).explore().check()


@pytest.mark.parametrize("evidence", ["presence", "door_only"])
def test_so_it_is_without_tags(here: World, evidence: str) -> None:
    hq = drone(here, evidence)
    opened, closed = cycle(here, hq, hq.tap(), present=False if evidence == "presence" else None)
    here.later(minutes=2)
    returning = hq.tap()
    opened_again, closed_again = cycle(here, hq, returning, present=True if evidence == "presence" else None)
    steps = told(hq, opened=opened, closed=closed, opened_again=opened_again, closed_again=closed_again)
    Orders(here, steps).explore().check()
    hq.send()
    assert {str(here.asset(each).state) for each in DRONE.parts} == {"stowed"}


def test_two_parts_that_come_back_by_two_grants(here: World) -> None:
    hq, taken = lent(here)
    here.place(bank(id="hq-02"))
    two = here.bank("hq-02")
    one = two.tap()  # doors for one thing each: by itself
    tag = here.asset(here.grant(one.door, "hq-02").asset or "").tag
    opened, closed = cycle(here, two, one, tags=[tag])
    rest = hq.tap()
    opened_again, closed_again = cycle(here, hq, rest, tags=[each for each in TAGS if each != tag])
    steps = told(two, opened=opened, closed=closed) | told(hq, opened_again=opened_again, closed_again=closed_again)
    Orders(here, steps).explore().check()
    two.send()
    hq.send()
    assert loans(here, taken) == ["closed"] * 3


def test_ten_minutes_without_a_report_doubt_every_part_in_one_case_that_the_last_part_answers(here: World) -> None:
    hq = drone(here)
    opened = hq.tap()
    report = hq.saw(opened, "closed", tags=[CHARGER])
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    assert states(here) == ["unconfirmed p-1"] * 3
    assert loans(here, opened) == ["pending"] * 3
    (case,) = [each for each in here.cases() if each.state is CaseState.OPEN]
    assert case.waiting == DRONE.parts
    hq.send(report)
    assert states(here) == [OUT, "unconfirmed 1", OUT]
    assert loans(here, opened) == ["open", "void", "open"]
    (case,) = [each for each in here.cases() if each.state is CaseState.OPEN]
    assert case.waiting == ("drill-2",)


def test_parts_in_doubt_come_back_together_and_the_late_report_answers_their_case(here: World) -> None:
    hq = drone(here)
    opened = hq.tap()
    report = hq.saw(opened, "closed", tags=[])
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    back = hq.tap()
    assert len(here.grant(back.door).parts) == 3
    hq.send(hq.saw(back, "closed", tags=TAGS))
    assert loans(here, opened) == ["closed"] * 3
    assert open_cases(here) == ["unresolved"], "how the door's story ended is not known yet"
    hq.send(report)
    assert open_cases(here) == []


def test_a_grant_that_was_not_used_frees_all_of_it(here: World) -> None:
    hq = drone(here)
    first = hq.tap()
    here.later(minutes=2)
    second = hq.tap(OTHER_TOKEN)
    assert (second.kind, loans(here, first), loans(here, second)) == ("open", ["void"] * 3, ["pending"] * 3)
    assert here.person().holdings == {}


def test_one_that_opened_after_all_takes_all_of_it_back_into_flight(here: World) -> None:
    hq = drone(here)
    opened = hq.tap()
    hq.does(opened, "not_opened")
    assert loans(here, opened) == ["void"] * 3
    hq.does(opened, "opened", opened_ms=0)
    assert loans(here, opened) == ["pending"] * 3
    hq.does(opened, "closed", tags=[BODY, CHARGER])
    assert loans(here, opened) == ["void", "void", "open"]


def test_that_it_never_opened_after_all_blames_nobody(here: World) -> None:
    hq = drone(here)
    opened = hq.tap()
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    hq.does(opened, "not_opened")
    assert loans(here, opened) == ["void"] * 3
    assert here.person().holdings == {}


@pytest.mark.parametrize("tags", [[], [CHARGER], TAGS])
def test_a_remote_opening_doubts_every_part_and_what_tags_say_later_settles_each(here: World, tags: list[str]) -> None:
    hq = drone(here)
    opened = hq.tap()
    report = hq.saw(opened, "closed", tags=tags)
    here.later(minutes=2)
    remote = here.open_remotely()
    assert states(here) == ["unconfirmed p-1"] * 3
    hq.send(report)
    left = [number for number, tag in enumerate(TAGS) if tag in tags]
    assert loans(here, opened) == ["void" if number in left else "open" for number in range(3)]
    hq.does(remote, "closed", tags=tags)


def test_so_it_is_in_any_order(here: World) -> None:
    hq = drone(here)
    first = hq.tap()
    opened, closed = cycle(here, hq, first, tags=[CHARGER])
    here.later(minutes=2)
    remote = here.open_remotely()
    opened_again, serviced = cycle(here, hq, remote, tags=[CHARGER])
    steps = told(hq, opened=opened, closed=closed, opened_again=opened_again, serviced=serviced)
    for step in steps.values():
        step()
    assert loans(here, first) == ["open", "void", "open"]


def test_of_a_revoked_bank_every_part_is_in_doubt(here: World) -> None:
    hq = drone(here)
    opened = hq.tap()
    here.revoke()
    assert states(here) == ["unconfirmed p-1"] * 3
    assert open_cases(here) == ["revoked_bank"]
    hq.does(opened, "closed", tags=[])
    assert states(here) == ["unconfirmed p-1"] * 3


def test_a_part_that_a_person_moved_meanwhile_is_doubted_the_others_are_settled(here: World) -> None:
    """Another bank sees the charger while the report of its taking is out."""
    hq = drone(here)
    opened = hq.tap()
    closed = hq.saw(opened, "closed", tags=[])
    here.place(bank(id="hq-02"))
    two = here.bank("hq-02")
    here.later(seconds=30)
    two.send(two.status({1: "closed"}, {1: [CHARGER]}))
    assert here.asset("drill-2").state == "unconfirmed"
    hq.send(closed)
    assert [each.split()[0] for each in states(here)] == ["on_loan", "unconfirmed", "on_loan"]
    assert loans(here, opened) == ["open", "void", "open"]
    assert "late_report" in open_cases(here)


def test_a_return_that_nobody_knows_the_end_of_leaves_every_holder_in_peace(here: World) -> None:
    hq, taken = lent(here)
    back = hq.tap()
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    first = here.loan(taken)
    assert first.kit is not None
    assert all(here.loan(part.loan or "").paused_until is not None for part in first.kit.parts)
    hq.does(back, "closed", tags=[BODY])
    assert loans(here, taken) == ["closed", "open", "open"]
    assert all(here.loan(part.loan or "").paused_until is None for part in first.kit.parts[:1])


def test_a_return_whose_door_moved_on_doubts_every_part_that_it_named(here: World) -> None:
    hq, taken = lent(here)
    back = hq.tap()
    report = hq.saw(back, "closed", tags=TAGS)
    here.later(minutes=2)
    here.open_remotely(back.door)
    hq.send(report)
    assert [each.split()[0] for each in states(here)] == ["unconfirmed"] * 3
    assert loans(here, taken) == ["open"] * 3
    before = here.how_many("CASE")
    hq.repeat(report)
    assert here.how_many("CASE") == before


def test_a_kit_that_comes_back_late_is_late_once(here: World) -> None:
    hq, _ = lent(here)
    here.later(hours=9)
    hq.does(hq.tap(), "closed", tags=TAGS)
    assert len(here.person().late_returns) == 1


def test_what_lies_elsewhere_and_is_put_in_with_the_kit_is_a_case(here: World) -> None:
    hq, taken = lent(here)
    put_asset(drill(4))
    hq.does(hq.tap(), "closed", tags=[BODY, CASE, "E2000004"])
    assert loans(here, taken) == ["closed", "open", "closed"]
    assert here.asset("drill-4").state == "unconfirmed"
