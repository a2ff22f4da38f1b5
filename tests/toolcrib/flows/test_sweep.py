"""The sweeper: what is due is done once, whatever runs twice, overlaps, breaks off or is late (threat 21)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.faults import failing
from tests.support.outcomes import lend, stage
from tests.support.workplace import FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from tests.support.world import World
from toolcrib.domain.notices import NoticeState
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.flows import sweep
from toolcrib.flows.gather import Gathering
from toolcrib.store import mapping
from toolcrib.store.items import LoanItem
from toolcrib.store.loans import load_loan

HOUR = timedelta(hours=1)
LADDER = (
    Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK),
    Step(offset=2 * HOUR, to=To.SUPERVISOR, via=Via.EMAIL),
)


@pytest.fixture
def overdue(here: World) -> str:
    """A loan past its due time, under a policy that reminds the holder and tells the supervisor."""
    rules(replace(FALLBACK, ladder=LADDER))
    here.site_has(supervisors=("p-9",))
    here.meet(person(9))
    _, loan = lend(here)
    here.later(hours=8)
    return loan


def done(here: World, *, time_left_s: float = 60) -> dict[str, int]:
    return sweep.handle(now=here.now, time_left_s=lambda: time_left_s)


def test_where_nothing_is_due_nothing_is_done(here: World) -> None:
    lend(here)
    assert done(here) == {}


def test_a_step_that_is_due_has_its_record_once_however_often_it_is_swept(here: World, overdue: str) -> None:
    assert done(here) == {"loan_reminded": 1}
    first = here.notices()
    assert [(notice.recipient, notice.step, notice.loan) for notice in first] == [("p-1", "PT0S", overdue)]
    for _ in range(3):
        done(here)
    assert here.notices() == first


def test_after_an_outage_every_missed_step_has_its_record(here: World, overdue: str) -> None:
    here.later(hours=30)
    done(here)
    assert sorted((notice.recipient, notice.step) for notice in here.notices()) == [("p-1", "PT0S"), ("p-9", "PT2H")]
    assert load_loan(ORG, overdue).next_step is None


def test_two_sweepers_at_once_make_one_record_each(here: World, overdue: str) -> None:
    assert here.dynamo is not None
    overlapped: list[dict[str, int]] = []

    def overlap(operation: str, _request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not overlapped:
            overlapped.append({})
            overlapped[0] = done(here)

    here.dynamo.before.append(overlap)
    done(here)
    here.dynamo.before.clear()
    assert overlapped == [{"loan_reminded": 1}]
    assert len(here.notices()) == 1
    assert overdue


def test_what_came_back_is_not_reminded_of(here: World, overdue: str) -> None:
    hq = here.bank("hq-01")
    hq.does(hq.tap(), "closed", tags=["E2000001"])
    assert done(here) == {}
    assert here.notices() == []
    assert overdue


def test_an_undelivered_notice_is_woken_until_it_is_delivered(here: World, overdue: str) -> None:
    done(here)
    here.later(minutes=3)
    assert done(here) == {"notice_woken": 1}
    notice = here.notices()[0]
    sent = replace(notice, state=NoticeState.SENT, sent_at=here.now, version=notice.version + 1)
    mapping.notice_item(ORG, sent).save()
    here.later(minutes=3)
    assert done(here) == {}
    assert overdue


@pytest.mark.parametrize("fault", ["not sent", "throttled", "an error of theirs"])
def test_a_store_that_fails_once_holds_up_one_item_and_the_next_run_does_it(here: World, fault: str) -> None:
    first, second = stage(here), here.place(bank(id="hq-02"), stowed={1: drill(2)})
    here.meet(person(2), OTHER_TOKEN)
    first.tap(TOKEN)
    second.tap(OTHER_TOKEN)
    here.later(minutes=11)
    assert here.dynamo is not None
    with failing(here.dynamo, fault, at=8):  # after the eight shards were read
        done_now = done(here)
    assert done_now["failed"] == 1
    assert done_now["grant_unresolved"] == 1
    assert done(here) == {"grant_unresolved": 1}


def test_an_item_that_cannot_be_read_does_not_hold_up_its_neighbours(here: World, overdue: str) -> None:
    broken = mapping.loan_item(ORG, replace(load_loan(ORG, overdue), id="broken"))
    broken.about = {**broken.about, "due_at": "the day after tomorrow"}
    broken.save()
    orphan = replace(load_loan(ORG, overdue), id="orphan", site="nowhere")
    mapping.loan_item(ORG, orphan).save()
    assert done(here) == {"loan_reminded": 1, "failed": 2}
    _forget(broken.pk, "acme#LOAN#orphan")


def test_a_run_stops_in_good_time_and_leaves_the_rest_to_the_next(here: World, overdue: str) -> None:
    assert done(here, time_left_s=4) == {"left_for_next_run": 1}
    assert done(here) == {"loan_reminded": 1}
    assert overdue


def test_the_agenda_is_read_by_what_is_due_and_not_by_what_there_is(here: World, overdue: str) -> None:
    assert here.dynamo is not None
    before = here.dynamo.snapshot()
    few = _calls_of_a_sweep(here)
    here.dynamo.restore(before)
    loan = load_loan(ORG, overdue)
    for number in range(50):
        later = replace(loan, id=f"other-{number}", next_step=here.now + HOUR)
        mapping.loan_item(ORG, later).save()
    assert _calls_of_a_sweep(here) == few
    _forget(*(f"acme#LOAN#other-{number}" for number in range(50)))


def test_a_grant_that_settled_meanwhile_is_left_alone(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    here.later(minutes=11)
    stale = list(here.items())
    hq.does(opened, "closed", tags=[])
    door = next(item for item in stale if item.sk == "DOOR#01")
    assert sweep._one((door.pk, door.sk), here.now, Gathering(here.now)) == "grant_settled_already"


def test_a_door_in_use_again_keeps_its_new_grants_ten_minutes(here: World) -> None:
    hq = stage(here)
    hq.does(hq.tap(), "not_opened")
    here.later(minutes=9)
    hq.tap()
    here.later(minutes=2)
    assert done(here) == {}
    assert here.grant().state == "issued"


def _calls_of_a_sweep(here: World) -> list[str]:
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    done(here)
    return [operation for operation, _ in here.dynamo.calls]


def _forget(*keys: str) -> None:
    """Take out what was put by hand and is no part of a true record."""
    for key in keys:
        LoanItem(key, "LOAN").delete()
