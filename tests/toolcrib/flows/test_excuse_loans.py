"""Lateness while a bank could take nothing back is excused: for reminders, blocks, and the record of late returns."""

from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import PynamoDBException

from chalicelib.schedules import watch_banks
from tests.support.banks import FakeBank
from tests.support.outcomes import TAG, lend, stage
from tests.support.workplace import FALLBACK, TOKEN, bank, drill, person, rules
from tests.support.world import World
from toolcrib.domain.lateness import MOMENT
from toolcrib.domain.loans import Loan
from toolcrib.domain.outages import OutageKind
from toolcrib.domain.policies import Blocks, Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.flows import sweep
from toolcrib.store import mapping

HOUR = timedelta(hours=1)
LADDER = (Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK), Step(offset=HOUR, to=To.HOLDER, via=Via.SLACK))


def swept(here: World) -> dict[str, int]:
    return sweep.handle(now=here.now, time_left_s=lambda: 60)


def watched(here: World) -> dict[str, int]:
    return watch_banks.handle("acme", now=here.now)


def due_in_an_hour(here: World, ladder: tuple[Step, ...] = LADDER, **more: object) -> tuple[FakeBank, Loan]:
    """Lend a drill that is due in one hour, from a bank that was heard just now."""
    rules(replace(FALLBACK, ladder=ladder, **more))
    hq, loan = lend(here)
    here.later(hours=6, minutes=55)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    return hq, here.loan(loan)


def test_while_its_bank_is_silent_nobody_is_reminded_of_a_late_loan(here: World) -> None:
    _, loan = due_in_an_hour(here)
    here.later(minutes=30)
    watched(here)
    here.later(hours=2)
    swept(here)
    assert here.notices() == [each for each in here.notices() if each.case]
    assert here.loan(loan.id).excused == timedelta(minutes=90) + MOMENT


def test_once_the_bank_is_heard_again_the_ladder_goes_on_where_it_stood(here: World) -> None:
    hq, loan = due_in_an_hour(here)
    here.later(minutes=50)
    watched(here)
    here.later(hours=2)  # due for 1 h 50 min, all of it in silence
    swept(here)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    watched(here)
    excuse = here.loan(loan.id).excused
    assert excuse == timedelta(minutes=110) + MOMENT
    here.later(minutes=1)
    swept(here)
    assert [(each.step, each.due_at) for each in here.notices() if each.loan] == [("PT0S", loan.due_at + excuse)]
    here.later(hours=1)
    swept(here)
    assert sorted(each.step for each in here.notices() if each.loan) == ["PT0S", "PT1H"]


@pytest.mark.parametrize("operation", ["UpdateItem", "TransactWriteItems"])
def test_a_look_that_breaks_off_as_an_outage_ends_is_made_again(here: World, operation: str) -> None:
    hq, loan = due_in_an_hour(here)
    here.later(minutes=50)
    watched(here)
    here.later(hours=2)
    hq.send(hq.status({1: "closed"}, journal_depth=0))

    def lose(asked: str, _: object) -> None:
        if asked == operation:
            dynamo.after.remove(lose)
            raise ReadTimeoutError(endpoint_url="dynamodb")

    dynamo = here.dynamo
    assert dynamo is not None
    dynamo.after.append(lose)
    with pytest.raises((PynamoDBException, ReadTimeoutError)):
        watched(here)
    here.later(minutes=5)
    watched(here)
    assert here.loan(loan.id).excused >= timedelta(minutes=110)
    assert here.person().holdings[loan.id].blocks_from == here.loan(loan.id).blocks_from


def test_a_step_that_fired_before_an_outage_does_not_fire_again_after_it(here: World) -> None:
    hq, loan = due_in_an_hour(here)
    for _ in range(6):
        here.later(minutes=11)
        hq.send(hq.status({1: "closed"}, journal_depth=0))
    swept(here)
    assert [each.step for each in here.notices() if each.loan] == ["PT0S"]
    here.later(minutes=20)
    watched(here)
    here.later(hours=3)
    swept(here)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    watched(here)
    swept(here)
    assert [each.step for each in here.notices() if each.loan] == ["PT0S"]
    here.later(hours=1)
    swept(here)
    assert sorted(each.step for each in here.notices() if each.loan) == ["PT0S", "PT1H"]
    assert here.loan(loan.id).due_at == loan.due_at


@pytest.mark.parametrize(("silent", "late"), [(True, False), (False, True)])
def test_a_return_counts_as_late_only_without_its_banks_outages(here: World, *, silent: bool, late: bool) -> None:
    hq, loan = due_in_an_hour(here, ladder=())
    here.later(minutes=50)
    for _ in range(10):
        if silent:
            watched(here)
        here.later(minutes=5)
        if not silent:
            hq.send(hq.status({1: "closed"}, journal_depth=0))
    hq.does(hq.tap(), "closed", tags=[TAG])
    over = here.loan(loan.id)
    assert (over.state, over.returned_late) == ("closed", late)
    assert bool(here.person().late_returns) is late
    assert over.due_at == loan.due_at


def test_a_full_bank_excuses_whoever_stood_before_it_until_a_door_is_free(here: World) -> None:
    rules(replace(FALLBACK, blocks=Blocks(overdue_after=timedelta())))
    hq = here.place(bank(), doors=1, stowed={1: drill(1)})
    here.meet(person(), TOKEN)
    taken = hq.tap()
    hq.does(taken, "closed", tags=[])
    here.later(hours=8)
    mapping.door_item("acme", replace(here.door(), unlendable="quarantined")).save()
    answer = hq.tap()
    assert answer.code == "not_here"
    (outage,) = here.bank_record().outages
    assert (outage.kind, outage.since, outage.until, outage.size) == (OutageKind.FULL, here.now, None, "M")
    here.later(hours=1)
    assert watched(here)["excused"] == 1
    excuse = here.loan(taken.grant).excused
    assert excuse == HOUR + MOMENT
    assert here.person().holdings[taken.grant].blocks_from == here.loan(taken.grant).due_at + excuse
    mapping.door_item("acme", replace(here.door(), unlendable=None, version=here.door().version + 1)).save()
    watched(here)
    (outage,) = here.bank_record().outages
    assert outage.until == here.now


def test_another_bank_that_was_full_excuses_as_well(here: World) -> None:
    _, loan = lend(here)
    full = here.place(bank(id="hq-02"), doors=1, stowed={1: drill(2)})
    here.later(hours=9)
    full.tap(TOKEN)
    assert here.loan(loan).tried == ("hq-02",)


def test_an_outage_is_noted_once_however_often_somebody_taps(here: World) -> None:
    hq = stage(here)
    here.place(bank(id="hq-02"), doors=1, stowed={1: drill(2)})
    hq.does(hq.tap(), "closed", tags=[])
    for _ in range(3):
        here.later(minutes=1)
        here.bank("hq-02").tap(TOKEN)
    assert len(here.bank_record("hq-02").outages) == 1


def test_who_is_not_late_is_excused_nothing(here: World) -> None:
    _, loan = due_in_an_hour(here)
    here.later(minutes=30)
    assert watched(here)["excused"] == 0
    assert here.loan(loan.id).excused == timedelta()
