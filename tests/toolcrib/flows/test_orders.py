"""Order and copies do not matter: every order of a story's reports, each sent twice, comes to one record (I9)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.support.banks import FakeBank, Upload
from tests.support.orders import Orders
from tests.support.outcomes import GONE, OTHER_TAG, TAG, THERE, beside, lend, stage
from tests.support.workplace import OTHER_TOKEN, bank, drill, person
from tests.support.world import World
from toolcrib.domain.evidence import Evidence

LEVELS = tuple(GONE)


def told(bank_: FakeBank, **reports: Upload) -> dict[str, Callable[[], Any]]:
    """Return a step for each report: the bank sends it (again)."""
    return {name: partial(bank_.repeat, report) for name, report in reports.items()}


def cycle(here: World, hq: FakeBank, opened: Any, seen: dict[str, Any]) -> tuple[Upload, Upload]:
    """Open and close a door; returns both reports, unsent."""
    here.later(seconds=3)
    first = hq.saw(opened, "opened", opened_ms=0)
    here.later(seconds=7)
    return first, hq.saw(opened, "closed", opened_ms=7000, closed_ms=0, **seen)


@pytest.mark.parametrize("evidence", LEVELS)
def test_a_take(here: World, evidence: str) -> None:
    hq = stage(here, evidence)
    opened, closed = cycle(here, hq, hq.tap(), GONE[evidence])
    Orders(here, told(hq, opened=opened, closed=closed)).explore().check()
    hq.send()
    assert here.asset().state == "on_loan"


@pytest.mark.parametrize("evidence", LEVELS)
@pytest.mark.parametrize("swept", [False, True], ids=["at once", "after the deadline"])
def test_a_take_and_a_return_that_was_authorised_while_the_reports_of_the_take_were_out(
    here: World, evidence: str, *, swept: bool
) -> None:
    hq = stage(here, evidence)
    opened, closed = cycle(here, hq, hq.tap(), GONE[evidence])
    here.later(minutes=2)
    if swept:
        here.later(minutes=9)
        here.sweep()
    returning = hq.tap()
    assert returning.claims["purpose"] == "return"
    opened_again, closed_again = cycle(here, hq, returning, THERE[evidence])
    steps = told(hq, opened=opened, closed=closed, opened_again=opened_again, closed_again=closed_again)
    Orders(here, steps).explore().check()
    hq.send()
    assert (here.asset().state, here.asset().custodian.door) == ("stowed", returning.door)
    assert [str(event.move) for event in here.events()][-2:] == ["taken", "returned"]


@pytest.mark.parametrize("evidence", LEVELS)
def test_a_return(here: World, evidence: str) -> None:
    hq, _ = lend(here, evidence)
    opened, closed = cycle(here, hq, hq.tap(), THERE[evidence])
    Orders(here, told(hq, opened=opened, closed=closed)).explore(copies=3).check()
    hq.send()
    assert here.asset().state == "stowed"


@pytest.mark.parametrize("swept", [False, True], ids=["at once", "after the deadline"])
def test_a_return_at_another_bank_of_what_only_its_own_bank_can_tell_of(here: World, *, swept: bool) -> None:
    hq = stage(here)
    opened, closed = cycle(here, hq, hq.tap(), GONE["tags"])
    other = here.place(bank(id="hq-02", evidence=Evidence.DOOR_ONLY), doors=1)
    other.evidence = "door_only"
    here.later(minutes=11)
    if swept:
        here.sweep()
    returning = other.tap()
    opened_there, closed_there = cycle(here, other, returning, {})
    steps = told(hq, opened=opened, closed=closed) | told(other, opened_there=opened_there, closed_there=closed_there)
    Orders(here, steps).explore().check()
    hq.send()
    other.send()
    assert here.asset().custodian.id == "hq-02"


@pytest.mark.parametrize("evidence", LEVELS)
def test_the_deadline_may_fall_anywhere_between_the_reports_of_a_take(here: World, evidence: str) -> None:
    """Only the ledger tells whether it was doubted meanwhile; who has it, under which loan, is the same."""
    hq = stage(here, evidence)
    opened, closed = cycle(here, hq, hq.tap(), GONE[evidence])
    here.later(minutes=11)
    orders = Orders(here, told(hq, opened=opened, closed=closed) | {"deadline": here.sweep}).explore()
    assert len(orders.ends) == 2
    hq.send()
    assert here.asset().state == "on_loan"


@pytest.mark.parametrize("left_open", [1, 2], ids=["heard in time", "sent twice by mistake"])
def test_a_door_that_was_left_open(here: World, left_open: int) -> None:
    hq = stage(here)
    granted = hq.tap()
    here.later(seconds=3)
    opened = hq.saw(granted, "opened", opened_ms=0)
    here.later(seconds=60)
    still = {f"left_open_{n}": hq.saw(granted, "left_open", opened_ms=60_000) for n in range(left_open)}
    here.later(seconds=30)
    closed = hq.saw(granted, "closed", opened_ms=90_000, closed_ms=0, tags=[])
    Orders(here, told(hq, opened=opened, closed=closed, **still)).explore().check()
    hq.send()
    assert [(case.kind, case.state) for case in here.cases()] == [("left_open", "resolved")]


@pytest.mark.parametrize("seen", [GONE["tags"], THERE["tags"]], ids=["taken", "not taken"])
def test_a_door_that_jams_while_it_is_open(here: World, seen: dict[str, Any]) -> None:
    hq = stage(here)
    granted = hq.tap()
    opened, closed = cycle(here, hq, granted, seen)
    steps = told(hq, opened=opened, closed=closed, jammed=hq.saw(granted, "jammed"))
    Orders(here, steps).explore().check()
    hq.send()
    assert len(here.door().jams) == 1
    assert [case.kind for case in here.cases()] == ["jammed"]


def test_a_door_that_jams_and_is_opened_by_the_next_grant(here: World) -> None:
    hq = stage(here)
    jammed = hq.saw(hq.tap(), "jammed")
    hq.send(jammed)
    here.later(seconds=20)
    opened, closed = cycle(here, hq, hq.tap(), GONE["tags"])
    Orders(here, told(hq, jammed=jammed, opened=opened, closed=closed)).explore().check()
    hq.send()
    assert (here.asset().state, len(here.door().jams)) == ("on_loan", 1)


def test_a_return_that_nobody_came_for_and_the_next_one(here: World) -> None:
    hq, loan = lend(here)
    nobody = hq.tap()
    here.later(seconds=15)
    not_opened = hq.saw(nobody, "not_opened")
    here.later(seconds=60)
    returning = hq.tap()
    assert (returning.claims["purpose"], returning.door != nobody.door) == ("return", True)
    opened, closed = cycle(here, hq, returning, {"tags": [TAG]})
    Orders(here, told(hq, not_opened=not_opened, opened=opened, closed=closed)).explore().check()
    hq.send()
    assert here.loan(loan).state == "closed"


@pytest.mark.parametrize("ended", ["opened", "closed"])
def test_a_take_that_lapsed_by_a_mistaken_proof_and_was_used_after_all(here: World, ended: str) -> None:
    hq = stage(here)
    granted = hq.tap()
    opened, closed = cycle(here, hq, granted, GONE["tags"])
    here.later(minutes=1)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    assert here.loan(granted.grant).state == "void"
    steps = told(hq, opened=opened, closed=closed) if ended == "closed" else told(hq, opened=opened)
    Orders(here, steps).explore().check()
    hq.send(opened, *([closed] if ended == "closed" else []))
    assert here.loan(granted.grant).state == ("open" if ended == "closed" else "pending")


@pytest.mark.parametrize("purpose", ["take", "return"])
def test_a_bank_that_lost_its_power_while_a_door_was_open(here: World, purpose: str) -> None:
    hq = stage(here) if purpose == "take" else lend(here)[0]
    granted = hq.tap()
    opened = hq.saw(granted, "opened", opened_ms=0)
    here.later(minutes=2)
    hq.reboot()
    unresolved = hq.saw(granted, "unresolved")
    Orders(here, told(hq, opened=opened, unresolved=unresolved)).explore(copies=3).check()
    hq.send()
    assert [case.kind for case in here.cases()] == ["unresolved"]


def test_another_thing_taken_and_brought_back(here: World) -> None:
    hq = stage(here, capacity=2)
    beside(here, drill(2))
    opened, closed = cycle(here, hq, hq.tap(), THERE["tags"])
    Orders(here, told(hq, opened=opened, closed=closed)).explore().check()
    hq.send()
    here.later(minutes=1)
    returning = hq.tap()
    assert (returning.claims["purpose"], returning.grant[:2]) == ("return", "x.")
    opened_again, closed_again = cycle(here, hq, returning, {"tags": [TAG, OTHER_TAG]})
    steps = told(hq, closed=closed, opened_again=opened_again, closed_again=closed_again)
    Orders(here, steps).explore().check()
    hq.send()
    assert here.asset("drill-2").state == "stowed"
    assert here.person().holdings == {}


def test_two_people_who_each_bring_back_what_the_other_took(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2), number=2)
    here.meet(person(2), OTHER_TOKEN)
    one, two = hq.tap(), hq.tap(OTHER_TOKEN)
    assert {one.door, two.door} == {1, 2}
    closed_1, closed_2 = hq.saw(one, "closed", tags=[]), hq.saw(two, "closed", tags=[])
    here.later(minutes=2)
    back_1, back_2 = hq.tap(), hq.tap(OTHER_TOKEN)
    returned_1, returned_2 = hq.saw(back_1, "closed", tags=[OTHER_TAG]), hq.saw(back_2, "closed", tags=[TAG])
    hq.send(closed_1, closed_2)
    steps = told(hq, closed_1=closed_1, closed_2=closed_2, returned_1=returned_1, returned_2=returned_2)
    orders = Orders(here, steps).explore()
    hq.send()
    assert {here.asset(each).state for each in ("drill-1", "drill-2")} == {"stowed"}
    assert {here.loan(each.grant).state for each in (one, two)} == {"closed"}
    assert len(orders.ends) <= 2  # who comes back with the wrong thing first is told so: that is one event more
