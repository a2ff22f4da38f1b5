"""Many fall due at the same moment, each somebody else's, and SES takes one mail a second; what it costs is counted."""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from tests.benchmarks import sizes
from tests.proof.alerts.channels import SECOND
from tests.proof.alerts.month import Month, Plan, month
from tests.support.workplace import NOW, ORG
from tests.support.workplace import person as somebody
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import UNDELIVERED
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.store import mapping

HOUR = timedelta(hours=1)
STEPS = (Step(offset=HOUR, to=To.HOLDER, via=Via.EMAIL),)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of a crowd: how long until the last one was told, what SES turned away, and units of DynamoDB for each notice.

    `swept_reads` are the read units of the one sweep that found them, for each.
    """

    due: int
    told: int
    throttled: int
    seconds: float
    writes: float
    reads: float
    swept_reads: float


def told(due: int, besides: int = 0, *, mails_a_second: float = 1) -> Cost:
    """Let so many loans be late by the same hour, among others that are not, and tell all their holders."""
    logging.disable(logging.CRITICAL)
    plan = Plan(seed=1, loans=0, days=0, missed=0, doubled=0, overlapping=0)
    try:
        with month(plan) as here:
            here.channels.lost, here.channels.slack_down = 0, ()
            here.channels.provider.kind = True
            here.channels.mails_a_second = mails_a_second
            return _told(here, due, besides)
    finally:
        logging.disable(logging.NOTSET)


def _told(here: Month, due: int, besides: int) -> Cost:
    dynamo = here.here.dynamo
    assert dynamo is not None
    here.fill()
    for number in range(due + besides):
        here.meet(somebody(id=f"late-{number}", name="Ana", email=f"a{number}@acme.example"))
        at = NOW if number < due else NOW + 90 * 24 * HOUR
        mapping.loan_item(ORG, begin(_loan(here, number, at), NOW - HOUR)).save()
    here.here.now = NOW + HOUR
    here.pass_over()
    calls, changes = len(dynamo.calls), len(dynamo.stream)
    here.here.sweep()
    swept = _reads(dynamo.calls[calls:])
    here.play(NOW + 2 * HOUR)
    writes = sum(
        sizes.write_units(each.old, each.new, transaction=_at_once(each.new)) for each in dynamo.stream[changes:]
    )
    done = [notice for notice in here.here.notices() if notice.state not in UNDELIVERED]
    return Cost(
        due=due,
        told=len(done),
        throttled=here.channels.throttled,
        seconds=(max(each.at for each in here.channels.heard) - NOW - HOUR) / SECOND,
        writes=writes / due,
        reads=_reads(dynamo.calls[calls:]) / due,
        swept_reads=swept / due,
    )


def _loan(here: Month, number: int, due: Any) -> Loan:
    one = here.a_loan(f"x-{number}", f"late-{number}", due)
    return replace(one, terms=replace(one.terms, ladder=STEPS))


def _at_once(new: Any) -> bool:
    """Whether it was written in a transaction: loans, and notices when they are new."""
    return bool(new) and (new["sk"]["S"] == "LOAN" or new.get("version") == {"N": "1"})


def _reads(calls: list[tuple[str, dict[str, Any]]]) -> float:
    """Return read units: one an item of up to 4 KB, half of that for each page of an index."""
    units: Counter[str] = Counter()
    for operation, asked in calls:
        if operation == "BatchGetItem":
            units[operation] += sum(len(each["Keys"]) for each in asked["RequestItems"].values())
        elif operation in {"GetItem", "Query"}:
            units[operation] += 1
    return float(ceil(sum(units.values())))
