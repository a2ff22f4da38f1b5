"""A policy that makes no sense is refused when it is saved, field by field, with the numbers."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from toolcrib.domain.assets import MAX_LOAN
from toolcrib.domain.ladder import MAX_OCCURRENCES, MAX_STEPS
from toolcrib.domain.policies import Allowance, Curfew, Period, Policy, Repeat, Step, To, Via
from toolcrib.domain.policy_faults import MIN_EVERY, MIN_PERIOD, check
from toolcrib.domain.refusals import Invalid

SOUND = Policy(id="p", period=Period(after=timedelta(hours=8)))
STEP = Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK)
SECOND, DAY, NONE = timedelta(seconds=1), timedelta(days=1), timedelta()


def ladder(**step: Any) -> dict[str, Any]:
    return {"ladder": (STEP, replace(STEP, **step))}


def repeat(every: timedelta, until: timedelta) -> dict[str, Any]:
    return ladder(repeat=Repeat(every=every, until=until))


ALLOWED = [
    {},
    {"period": Period(after=MIN_PERIOD)},
    {"period": Period(after=MAX_LOAN)},
    {"period": Period(until=time(17, 30))},
    {"period": Period(end_of_shift=True)},
    {"curfew": Curfew(at=time(0), after=MIN_PERIOD)},
    {"curfew": Curfew(after=MAX_LOAN)},
    {"grace": MAX_LOAN},
    {"allowance": Allowance(type=0, category=0, total=0)},
    {"ladder": (STEP,) * MAX_STEPS},
    ladder(offset=-MAX_LOAN),
    ladder(offset=MAX_LOAN),
    ladder(to=To.CHANNEL),
    ladder(via=Via.EMAIL),
    repeat(MIN_EVERY, NONE),
    repeat(DAY, (MAX_OCCURRENCES - 1) * DAY),
    repeat(DAY, MAX_LOAN - SECOND),
]


@pytest.mark.parametrize("fields", ALLOWED, ids=str)
def test_a_policy_up_to_its_limits_is_sound(fields: dict[str, Any]) -> None:
    check(replace(SOUND, **fields))


REFUSED = [
    ({"period": Period()}, {"loan_period": "exactly one"}),
    ({"period": Period(after=DAY, until=time(9))}, {"loan_period": "exactly one"}),
    ({"period": Period(until=time(9), end_of_shift=True)}, {"loan_period": "exactly one"}),
    ({"period": Period(after=MIN_PERIOD - SECOND)}, {"loan_period": "PT1M to P366D, not PT59S"}),
    ({"period": Period(after=-DAY)}, {"loan_period": "not -P1D"}),
    ({"period": Period(after=MAX_LOAN + SECOND)}, {"loan_period": "not P366DT1S"}),
    ({"period": Period(after=timedelta.max)}, {"loan_period": "not P999999999D"}),
    ({"curfew": Curfew(after=NONE)}, {"curfew.after": "not PT0S"}),
    ({"curfew": Curfew(after=MAX_LOAN + SECOND)}, {"curfew.after": "not P366DT1S"}),
    ({"grace": -SECOND}, {"grace": "not -PT1S"}),
    ({"grace": MAX_LOAN + SECOND}, {"grace": "not P366DT1S"}),
    ({"allowance": Allowance(type=-1)}, {"allowance.type": "not -1"}),
    ({"allowance": Allowance(category=-1, total=-2)}, {"allowance.category": "not -1", "allowance.total": "not -2"}),
    ({"ladder": (STEP,) * (MAX_STEPS + 1)}, {"ladder": "at most 20 steps, not 21"}),
    (ladder(offset=-MAX_LOAN - SECOND), {"ladder[1].offset": "not -P366DT1S"}),
    (ladder(offset=MAX_LOAN + SECOND), {"ladder[1].offset": "not P366DT1S"}),
    (ladder(to=To.CHANNEL, via=Via.EMAIL), {"ladder[1].via": "by slack"}),
    (repeat(MIN_EVERY - SECOND, NONE), {"ladder[1].repeat.every": "not PT59S"}),
    (repeat(-DAY, DAY), {"ladder[1].repeat.every": "not -P1D"}),
    (repeat(DAY, -SECOND), {"ladder[1].repeat.until": "not -PT1S"}),
    (repeat(DAY, MAX_LOAN), {"ladder[1].repeat.until": "at most 366 times, not 367"}),
    (repeat(2 * DAY, MAX_LOAN + SECOND), {"ladder[1].repeat.until": "not P366DT1S"}),
    ({"grace": -DAY, **ladder(offset=2 * MAX_LOAN)}, {"grace": "not -P1D", "ladder[1].offset": "not P732D"}),
]


@pytest.mark.parametrize(("fields", "faults"), REFUSED, ids=str)
def test_what_makes_no_sense_is_named_with_its_numbers(fields: dict[str, Any], faults: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        check(replace(SOUND, **fields))
    assert refusal.value.fields.keys() == faults.keys()
    assert all(words in refusal.value.fields[name] for name, words in faults.items())
    assert all(name in refusal.value.detail for name in faults)
    assert refusal.value.advice
