"""A valuable thing's people are told within seconds: what is arranged for its next step, and what happens then."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine

from chalicelib.schedules import tell_in_time
from tests.support.outcomes import lend
from tests.support.workplace import DRILL, FALLBACK, ORG, rules
from tests.support.world import Context, World, app
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.store.items import LoanItem
from toolcrib.store.mapping import loan_item

DUE = (Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK, urgent=True),)


@pytest.fixture
def loan(here: World) -> str:
    rules(replace(DRILL, prompt=True), replace(FALLBACK, ladder=DUE))
    _, loan = lend(here)
    return loan


def record(item: LoanItem | None, number: int = 1) -> dict[str, Any]:
    image = {} if item is None else {"NewImage": item.to_dynamodb_dict()}
    changed = {"SequenceNumber": str(number), "StreamViewType": "NEW_AND_OLD_IMAGES", **image}
    return {"eventID": "e1", "eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": changed}


def arranged(*records: dict[str, Any]) -> tuple[Any, list[Any]]:
    with patch.object(tell_in_time, "arrange") as arrange:
        answer = app("schedules").arrange({"Records": list(records)}, Context())
    return answer, [call.args for call in arrange.call_args_list]


def test_a_loan_keeps_that_its_type_is_worth_it(here: World, loan: str) -> None:
    assert here.loan(loan).terms.prompt
    rules(DRILL)
    assert here.loan(loan).terms.prompt


def test_what_is_arranged_is_the_loans_next_step(here: World, loan: str) -> None:
    kept = here.loan(loan)
    answer, asked = arranged(record(loan_item(ORG, kept)))
    assert (answer, asked) == ({"batchItemFailures": []}, [(ORG, loan, kept.next_step)])


def test_a_loan_with_nothing_ahead_or_that_is_gone_needs_nobody(here: World, loan: str) -> None:
    over = loan_item(ORG, replace(here.loan(loan), next_step=None))
    assert arranged(record(over), record(None)) == ({"batchItemFailures": []}, [])


def test_a_record_that_cannot_be_read_does_not_hold_up_its_neighbours(here: World, loan: str) -> None:
    good = record(loan_item(ORG, here.loan(loan)), 1)
    poison = record(None, 2)
    poison["dynamodb"]["NewImage"] = {"pk": {"S": "acme#CASE#1"}, "sk": {"S": "CASE"}, "agenda_at": {"S": "soon"}}
    answer, asked = arranged(poison, good)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert len(asked) == 1


@pytest.mark.parametrize(("early_s", "waits_s"), [(75, 75), (0, 0), (-20, 0)])
def test_it_waits_for_the_moment_and_drains_the_agenda_as_of_then(
    here: World, loan: str, early_s: float, waits_s: float
) -> None:
    moment = here.loan(loan).next_step
    assert moment is not None
    slept: list[float] = []
    schedules = app("schedules")
    with (
        time_machine.travel(moment - timedelta(seconds=early_s), tick=False),
        patch.object(schedules, "sleep", slept.append),
    ):
        done = schedules.sweep_at({"time": moment.isoformat()}, Context())
    assert slept == [waits_s]
    assert done == {"loan_reminded": 1}
    assert [notice.step for notice in here.notices()] == ["PT0S"]
