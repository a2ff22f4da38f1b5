"""What is late for too long is given up as lost: by the sweeper, once, with a case (rules.md, `lost_after`)."""

from datetime import timedelta

import pytest

from chalicelib.deciding.claims import Place
from chalicelib.flows import claim, move_asset
from tests.support.admins import asked
from tests.support.outcomes import TAG, lend
from tests.support.workplace import DRILL, FALLBACK, rules
from tests.support.world import World
from toolcrib.domain.assets import CustodianKind
from toolcrib.domain.cases import CaseKind, CaseState
from toolcrib.domain.policies import Repeat, Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State
from toolcrib.flows import sweep

DAY = timedelta(days=1)
DAILY = Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK, repeat=Repeat(every=DAY, until=30 * DAY))


def swept(here: World) -> dict[str, int]:
    return sweep.handle(now=here.now, time_left_s=lambda: 60)


@pytest.fixture
def lent(here: World) -> str:
    """A drill that counts as lost three days after it was due, reminded of every day."""
    rules(replace(FALLBACK, lost_after=3 * DAY, ladder=(DAILY,)), replace(DRILL, replacement_value=250))
    _, loan = lend(here)
    return loan


@pytest.mark.parametrize(("late", "lost"), [(3 * DAY - timedelta(seconds=1), False), (3 * DAY, True)])
def test_it_is_lost_so_long_after_it_was_due(here: World, lent: str, late: timedelta, *, lost: bool) -> None:
    here.later(seconds=(here.loan(lent).due_at + late - here.now).total_seconds())
    swept(here)
    assert (here.asset().state is State.LOST) is lost


def test_what_is_lost_is_a_case_with_its_replacement_value_and_nobody_has_it(here: World, lent: str) -> None:
    here.later(days=4)
    swept(here)
    asset, loan = here.asset(), here.loan(lent)
    (case,) = here.cases()
    assert (asset.custodian.kind, asset.loan, asset.case) == (CustodianKind.NOBODY, lent, case.id)
    assert (case.kind, case.person, case.detail) == (CaseKind.LOST, "p-1", "replacement value 250")
    assert (loan.state, loan.lost_at, loan.next_step) == ("open", here.now, None)
    assert here.person().holdings[lent].lost_since == here.now


def test_it_is_given_up_once_and_nobody_is_reminded_any_more(here: World, lent: str) -> None:
    here.later(days=4)
    swept(here)
    told = len(here.notices())
    here.later(days=4)
    for _ in range(3):
        swept(here)
    assert [event.move for event in here.events()].count(Move.DECLARE_LOST) == 1
    assert (len(here.cases()), len(here.notices())) == (1, told)


def test_a_lost_thing_that_comes_back_is_stowed_and_its_case_answered(here: World, lent: str) -> None:
    here.later(days=4)
    swept(here)
    hq = here.bank("hq-01")
    hq.does(hq.tap(), "closed", tags=[TAG])
    (case,) = here.cases()
    assert (here.asset().state, here.loan(lent).state) == (State.STOWED, "closed")
    assert (case.state, case.resolution) == (CaseState.RESOLVED, "returned")
    assert here.person().holdings == {}


def test_what_is_claimed_to_be_back_grows_old_in_the_same_case(here: World, lent: str) -> None:
    claim.returned(asked("c", at=here.now), lent, place=Place(), note="")
    here.later(days=4)
    swept(here)
    (case,) = here.cases()
    assert (here.asset().state, here.asset().case) == (State.LOST, case.id)
    assert [(entry.what, entry.note) for entry in case.history] == [("lost", "replacement value 250")]
    assert case.state is CaseState.OPEN


def test_what_an_admin_declared_lost_before_is_not_declared_again(here: World, lent: str) -> None:
    move_asset.handle(asked("m", at=here.now), "drill-1", Move.DECLARE_LOST, reason="fell into the sea")
    here.later(days=9)
    swept(here)
    assert [event.move for event in here.events()].count(Move.DECLARE_LOST) == 1
    assert here.cases() == []
