"""Supervisors are warned before people stand before full doors."""

from datetime import timedelta

import pytest

from chalicelib.schedules import watch_banks
from tests.support.outcomes import beside, lend
from tests.support.workplace import FALLBACK, ORG, drill, rules
from tests.support.world import World
from toolcrib.domain.policies import Period
from toolcrib.domain.record import replace


def watch(here: World) -> int:
    return watch_banks.handle(ORG, now=here.now)["rooms"]


def fill(here: World, *doors: int) -> None:
    for number in doors:
        beside(here, drill(10 + number), number=number)


@pytest.fixture
def due_soon(here: World) -> str:
    """Lend the one drill for five hours, and fill all doors, its own too."""
    rules(replace(FALLBACK, period=Period(after=timedelta(hours=5))))
    here.site_has(supervisors=("boss",), channel="#hq")
    hq, loan = lend(here)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    fill(here, 1, 2, 3, 4)
    return loan


def test_nobody_is_warned_of_what_is_due_much_later(here: World, due_soon: str) -> None:
    assert (watch(here), here.cases()) == (0, [])


def test_supervisors_are_told_once_a_day(here: World, due_soon: str) -> None:
    here.later(hours=2)
    hq = here.bank("hq-01")
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    assert watch(here) == 1
    (case,) = here.cases()
    assert (case.kind, case.site, case.detail) == ("shortage", "hq", "1 due within 4 hours, 0 free")
    assert {notice.recipient for notice in here.notices() if notice.case == case.id} == {"boss", "#hq"}
    here.later(minutes=5)
    assert watch(here) == 0


def test_a_shortage_is_over_once_a_door_is_empty(here: World, due_soon: str) -> None:
    here.later(hours=2)
    hq = here.bank("hq-01")
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    watch(here)
    opened = here.open_remotely(2)
    hq.does(opened, "closed", tags=[])
    here.later(minutes=5)
    assert watch(here) == 1
    assert {str(each.state) for each in here.cases() if each.kind == "shortage"} == {"resolved"}
