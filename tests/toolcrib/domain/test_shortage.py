"""Whether there is room for what is due: more than fits is a case, once a day, which answers itself."""

from datetime import timedelta

import pytest

from tests.support.workplace import NOW, bank, site
from toolcrib.domain.cases import CaseState
from toolcrib.domain.doors import BankState, Content, Door
from toolcrib.domain.record import replace
from toolcrib.domain.shortage import case_id, look, places

HQ = site(time_zone="Europe/Berlin")
THING = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)


def door(number: int, **more: object) -> Door:
    return replace(Door(bank="hq-01", number=number, size="M"), **more)


def cabinet(*doors: Door, **more: object) -> object:
    return replace(bank(), doors=doors, **more)


@pytest.mark.parametrize(
    ("doors", "free"),
    [
        ((door(1), door(2)), 2),
        ((door(1, capacity=3), door(2, contents=(THING,))), 3),
        ((door(1, capacity=3, contents=(THING,)),), 2),
        ((door(1, unlendable="quarantined"),), 0),
        ((), 0),
    ],
)
def test_a_place_is_where_something_may_be_put_now(doors: tuple[Door, ...], free: int) -> None:
    assert places([cabinet(*doors)]) == free  # type: ignore[list-item]


@pytest.mark.parametrize("out", [{"silent": True}, {"state": BankState.REVOKED}, {"state": BankState.PLANNED}])
def test_a_bank_that_is_silent_or_not_in_service_has_no_places(out: dict[str, object]) -> None:
    assert places([cabinet(door(1), **out)]) == 0  # type: ignore[list-item]


@pytest.mark.parametrize(("due", "free", "opens"), [(3, 3, False), (4, 3, True), (1, 0, True), (0, 0, False)])
def test_a_case_is_opened_where_more_is_due_than_fits(due: int, free: int, opens: bool) -> None:
    case = look(HQ, due=due, free=free, today=None, now=NOW)
    assert (case is not None) is opens
    assert case is None or (case.kind, case.site, case.detail) == (
        "shortage",
        "hq",
        f"{due} due within 4 hours, {free} free",
    )


def test_it_is_opened_once_a_day_of_the_site_and_answers_itself_when_there_is_room() -> None:
    case = look(HQ, due=2, free=1, today=None, now=NOW)
    assert case is not None
    assert look(HQ, due=2, free=1, today=case, now=NOW + timedelta(minutes=5)) is None
    over = look(HQ, due=1, free=1, today=case, now=NOW + timedelta(minutes=10))
    assert over is not None
    assert (over.id, over.state, over.resolved_by, over.version) == (case.id, CaseState.RESOLVED, "toolcrib", 2)
    assert look(HQ, due=1, free=1, today=over, now=NOW + timedelta(minutes=15)) is None
    assert look(HQ, due=5, free=1, today=over, now=NOW + timedelta(minutes=20)) is None
    assert case_id(HQ, NOW + timedelta(days=1)) != case.id
