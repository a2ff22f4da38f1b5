"""Blocks as they come and go by themselves: with what is overdue, lost, or was late too often. Returns never mind."""

from datetime import timedelta

import pytest

from chalicelib.flows import move_asset
from chalicelib.flows.admin import dry_run
from tests.support.admins import asked
from tests.support.banks import FakeBank
from tests.support.outcomes import stage
from tests.support.workplace import FALLBACK, ORG, bank, drill, person, put_bank, rules
from tests.support.world import World
from toolcrib.domain.blocking import MOST_REMEMBERED
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Blocks, LateReturns
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move
from toolcrib.store import mapping

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
STRICT = replace(
    FALLBACK,
    grace=30 * MINUTE,
    blocks=Blocks(
        overdue_after=HOUR, late_returns=LateReturns(count=2, within=timedelta(days=7), suspension=timedelta(days=3))
    ),
)
BLOCKS_AFTER = 8 * HOUR + 30 * MINUTE + HOUR  # the loan period, the grace, and an hour beyond it


def lent(here: World) -> tuple[FakeBank, str]:
    """Lend the first drill at a kiosk at which a second one lies in another bank; return the kiosk and the loan."""
    rules(STRICT)
    hq = stage(here, mode=Mode.KIOSK)
    answer = hq.tap()
    hq.does(answer, "closed", tags=[])
    put_bank(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(2)})
    return hq, answer.grant


def code(here: World) -> str | None:
    """Return why nothing may be taken at the bank where the second drill lies."""
    asking = asked("ask", at=here.now)
    verdict, *_ = dry_run.judge(asking, dry_run.Question(person="p-1", bank="hq-02", asset_type="drill"))
    return verdict.code


def test_a_loan_overdue_for_too_long_blocks_taking_and_its_return_lifts_that(here: World) -> None:
    hq, loan = lent(here)
    taken = here.loan(loan).taken_at
    assert taken is not None
    here.now = taken + BLOCKS_AFTER
    assert code(here) is None
    here.now += SECOND
    assert code(here) == "blocked"
    back = hq.tap()
    assert back.claims["purpose"] == "return"
    hq.does(back, "closed", tags=["E2000001"])
    assert code(here) is None
    assert here.bank("hq-02").tap().claims["purpose"] == "take"


def test_no_block_stands_within_the_grace_whatever_the_policy(here: World) -> None:
    rules(replace(STRICT, blocks=Blocks(overdue_after=timedelta())))
    hq = stage(here, mode=Mode.KIOSK)
    hq.does(hq.tap(), "closed", tags=[])
    put_bank(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(2)})
    (held,) = here.person().holdings.values()
    here.now = held.until + 30 * MINUTE
    assert code(here) is None
    here.now += SECOND
    assert code(here) == "blocked"


def test_a_later_edit_of_the_policy_moves_no_loans_block(here: World) -> None:
    _, loan = lent(here)
    (held,) = here.person().holdings.values()
    rules(replace(STRICT, revision=2, blocks=Blocks(overdue_after=timedelta())))
    assert here.person().holdings == {loan: held}
    assert held.blocks_from == held.until + 30 * MINUTE + HOUR


@pytest.mark.parametrize(("late_by", "counted"), [(30 * MINUTE, 0), (30 * MINUTE + SECOND, 1)])
def test_a_return_past_the_grace_is_remembered_as_late(here: World, late_by: timedelta, counted: int) -> None:
    hq, loan = lent(here)
    here.now = here.loan(loan).due_at + late_by
    back = hq.tap()
    report = hq.saw(back, "closed", tags=["E2000001"])
    hq.send(report)
    hq.repeat(report)
    returned = here.loan(loan).returned_at
    assert here.person().late_returns == (returned,) * counted


def late_twice(here: World) -> FakeBank:
    hq, _ = lent(here)
    for _ in range(2):
        here.later(hours=9)
        hq.does(hq.tap(), "closed", tags=["E2000001"])
        if len(here.person().late_returns) < 2:
            hq.does(hq.tap(), "closed", tags=[])
    return hq


def test_late_twice_in_a_week_is_suspended_for_three_days(here: World) -> None:
    late_twice(here)
    assert len(here.person().late_returns) == 2
    last = max(here.person().late_returns)
    here.now = last + timedelta(days=3) - SECOND
    assert code(here) == "blocked"
    here.now = last + timedelta(days=3)
    assert code(here) is None


def test_what_is_declared_lost_blocks_its_holder_until_it_is_found(here: World) -> None:
    _, loan = lent(here)
    move_asset.handle(asked("lost", at=here.now), "drill-1", Move.DECLARE_LOST, reason="gone")
    assert here.person().holdings[loan].lost_since == here.now
    assert code(here) == "blocked"
    move_asset.handle(asked("found", at=here.now), "drill-1", Move.FOUND, reason="there", site="hq")
    assert here.person().holdings == {}
    assert code(here) is None


def test_what_is_lost_comes_back_like_anything_else(here: World) -> None:
    hq, _ = lent(here)
    move_asset.handle(asked("lost", at=here.now), "drill-1", Move.DECLARE_LOST, reason="gone")
    hq.does(hq.tap(), "closed", tags=["E2000001"])
    assert here.person().holdings == {}
    assert code(here) is None


def test_the_memory_of_late_returns_is_cut_at_the_next_take(here: World) -> None:
    rules(replace(STRICT, blocks=Blocks()))
    hq = stage(here, mode=Mode.KIOSK)
    many = tuple(here.now - each * SECOND for each in range(2 * MOST_REMEMBERED))
    mapping.person_item(ORG, person(late_returns=many)).save()
    assert hq.tap().kind == "open"
    assert here.person().late_returns == many[MOST_REMEMBERED - 1 :: -1]


def test_describing_a_person_leaves_their_blocks_and_late_returns_alone(here: World) -> None:
    late_twice(here)
    before = here.person()
    here.change_person(replace(Person(id="p-1", name="New"), groups=("crew",)))
    assert here.person().late_returns == before.late_returns
