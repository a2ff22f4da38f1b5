"""What a sweep costs, by how much is due and by how many loans are out: it has to follow the first alone."""

import contextlib
import gc
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import time_machine

from tests.benchmarks.metering import Meter, metered
from tests.support.dynamo import Dynamo
from tests.support.dynamo.tables import key_of
from tests.support.workplace import NOW, ORG, person
from tests.support.world import Context, World, app, world
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Period, Step, Terms, To, Via
from toolcrib.store import keys, mapping

FEW, MANY = 10, 500
"""Due at first, and a minute later with all the others that are."""
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TOGETHER = 500  # of those that are due later have their step at the same moment
LADDER = (Step(offset=2 * HOUR, to=To.HOLDER, via=Via.SLACK),)
TERMS = Terms(policy="fallback", period=Period(after=8 * HOUR), ladder=LADDER)


def sweep_costs(loans: int) -> tuple[Meter, Meter]:
    """Return what two sweeps cost among so many open loans: one with ten of them due, one with 500."""
    with world(check=False) as here, contextlib.redirect_stdout(io.StringIO()), _uncollected():
        assert here.dynamo is not None
        for number in range(MANY):
            here.meet(person(number, slack_id=f"U{number}"))
            mapping.loan_item(ORG, _loan(number, NOW if number < FEW else NOW + MINUTE)).save()
        _fill(here.dynamo, loans - MANY)
        few = _swept(here, NOW)
        many = _swept(here, NOW + MINUTE)
        return few, many


def _swept(here: World, at: datetime) -> Meter:
    """Sweep, and leave the table as it was. The rule book grows no older while the store looks through a million."""
    dynamo = here.dynamo
    assert dynamo is not None
    before = len(dynamo.stream)
    still = patch("toolcrib.store.rulebook.time.monotonic", at.timestamp)
    with time_machine.travel(at, tick=False), still, metered(dynamo) as meter:
        app("schedules").sweep({"time": at.isoformat()}, Context())
    table = dynamo.tables["state"].items
    for each in reversed(dynamo.stream[before:]):
        if each.old is None:
            del table[key_of(each.new or {})]
        else:
            table[key_of(each.old)] = each.old
    return meter


def _fill(dynamo: Dynamo, loans: int) -> None:
    """Put so many more open loans straight into the table, as the store writes them: they have a step due later."""
    table = dynamo.tables["state"].items
    like = mapping.loan_item(ORG, _loan(MANY, NOW + HOUR)).to_dynamodb_dict()
    for number in range(MANY, MANY + loans):
        if number % TOGETHER == 0:
            at = keys.moment(NOW + HOUR + number * SECOND)
        name = _name(number)
        pk, sk = keys.loan(ORG, name)
        where = {"pk": pk, "agenda_pk": keys.agenda_shard(pk), "agenda_at": at, "listing_sk": f"{at}#{name}"}
        table[pk, sk] = like | {attribute: {"S": value} for attribute, value in where.items()}


def _loan(number: int, step: datetime) -> Loan:
    """Return a loan whose ladder has its step at a moment, each somebody else's."""
    due = step - 2 * HOUR
    loan = Loan(
        id=_name(number),
        asset=f"drill-{number}",
        type="drill",
        person=f"p-{number}",
        site="hq",
        bank="hq-01",
        door=1,
        state=LoanState.OPEN,
        authorised_at=due - 8 * HOUR,
        taken_at=due - 8 * HOUR,
        due_at=due,
        terms=TERMS,
    )
    return begin(loan, due - 8 * HOUR)


def _name(number: int) -> str:
    return f"loan{number:022d}"


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Let nobody look through a million items for garbage."""
    gc.disable()
    yield
    gc.enable()
