"""What a sweep reads when ten loans are due among many: it has to follow what is due, not how much there is."""

import contextlib
import io
from datetime import timedelta
from typing import Any

from tests.benchmarks import sizes
from tests.support.workplace import NOW, ORG, person
from tests.support.world import Context, World, app, world
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Period, Step, Terms, To, Via
from toolcrib.store import mapping

DUE = 10
LADDER = (Step(offset=timedelta(hours=2), to=To.HOLDER, via=Via.SLACK),)
TERMS = Terms(policy="fallback", period=Period(after=timedelta(hours=8)), ladder=LADDER)


def sweep_reads(loans: int) -> float:
    """Return the read units of one sweep with ten loans due among so many."""
    with world(check=False) as here, contextlib.redirect_stdout(io.StringIO()):
        here.meet(person(1))
        _fill(here, loans)
        before = len(here.dynamo.calls)
        app("schedules").sweep({"time": NOW.isoformat()}, Context())
        return sum(_units(here, *call) for call in here.dynamo.calls[before:])


def _fill(here: World, loans: int) -> None:
    """Put loans straight into the table: ten have a step due, the others in an hour or later."""
    table = here.dynamo.tables["state"].items
    for number in range(loans):
        step = NOW - timedelta(minutes=1) if number < DUE else NOW + timedelta(hours=1, seconds=number)
        taken = step - timedelta(hours=10)
        loan = Loan(
            id=f"loan{number:022d}",
            asset=f"drill-{number}",
            type="drill",
            person="p-1",
            site="hq",
            bank="hq-01",
            door=1,
            state=LoanState.OPEN,
            authorised_at=taken,
            taken_at=taken,
            due_at=taken + timedelta(hours=8),
            terms=TERMS,
            noted_until=taken,
            next_step=step,
        )
        item = mapping.loan_item(ORG, loan)
        table[item.pk, item.sk] = item.to_dynamodb_dict()


def _units(here: World, operation: str, request: dict[str, Any]) -> float:
    """Read units of one call: every index page costs at least half a unit, every consistent item a whole one."""
    if operation == "Query" and "IndexName" in request:
        return 0.5
    if operation == "Query":
        partition = next(value["S"] for value in request["ExpressionAttributeValues"].values())
        items = here.dynamo.tables[request["TableName"]].items
        return sizes.read_units(sum(sizes.size(item) for (pk, _), item in items.items() if pk == partition))
    if operation == "BatchGetItem":
        return float(sum(len(wanted["Keys"]) for wanted in request["RequestItems"].values()))
    return 1.0 if operation == "GetItem" else 0.0
