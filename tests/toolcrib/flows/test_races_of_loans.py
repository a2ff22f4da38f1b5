"""Who wants something else of one loan at the same moment: at every call to the store somebody else may go first."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.flows import hand_over_loan, recall_loan
from tests.proof.linearizable.turns import Turns
from tests.support.admins import asked, own
from tests.support.outcomes import beside, lend
from tests.support.workplace import FALLBACK, OTHER_TOKEN, drill, person, rules
from tests.support.world import World
from toolcrib.domain.policies import Allowance, Period, Recall, Renewals
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.upkeep import Condition
from toolcrib.flows import renew_loan

HOUR = timedelta(hours=1)
SEEDS = range(12)
TERMS = replace(
    FALLBACK,
    period=Period(after=8 * HOUR),
    renewals=Renewals(max=1),
    recall=Recall(notice=HOUR),
)

Told = dict[str, Any]


def at_once(here: World, seed: int, **what: Callable[[], Any]) -> Told:
    """Run these with a seed's turns; returns what each returned, or the code of its refusal."""
    turns, told = Turns(Random(seed)), {}

    def one(name: str, do: Callable[[], Any]) -> None:
        try:
            told[name] = do()
        except Refusal as refusal:
            told[name] = refusal.code

    assert here.dynamo is not None
    here.dynamo.before.append(turns.pass_on)
    turns.run([lambda name=name, do=do: one(name, do) for name, do in what.items()])  # type: ignore[misc]
    here.dynamo.before.clear()
    return told


@pytest.fixture
def loan(here: World) -> str:
    rules(TERMS)
    _, taken = lend(here)
    here.meet(person(2), OTHER_TOKEN)
    return taken


def _accept(here: World, loan: str, op: str) -> Any:
    return hand_over_loan.accept(own(here.now, "p-2", op), loan, condition=Condition.OK)


@pytest.mark.parametrize("seed", SEEDS)
def test_renewed_and_called_back_at_the_same_moment_one_of_the_two_orders_holds(
    here: World, loan: str, seed: int
) -> None:
    due_at = here.loan(loan).due_at
    told = at_once(
        here,
        seed,
        renewed=lambda: renew_loan.handle(asked("renew", at=here.now), loan),
        recalled=lambda: recall_loan.handle(asked("recall", at=here.now), loan, reason=None),
    )
    now = here.loan(loan)
    assert now.recalled is not None
    assert now.due_at == here.now + HOUR
    if told["renewed"] == "not_renewable":
        assert (now.renewals, now.due_version, now.recalled.due_before) == (0, 2, due_at)
    else:
        assert (now.renewals, now.due_version, now.recalled.due_before) == (1, 3, due_at + 8 * HOUR)
    assert [(each.step, each.due_version) for each in here.notices()] == [("recall", now.due_version)]


@pytest.mark.parametrize("seed", SEEDS)
def test_handed_over_and_called_back_at_the_same_moment_it_is_called_back_or_was_gone(
    here: World, loan: str, seed: int
) -> None:
    hand_over_loan.request(own(here.now, "p-1", "ask"), loan, to="p-2", condition=Condition.OK)
    told = at_once(
        here,
        seed,
        accepted=lambda: _accept(here, loan, "accept"),
        recalled=lambda: recall_loan.handle(asked("recall", at=here.now), loan, reason=None),
    )
    now = here.loan(told["accepted"].id)
    assert (told["recalled"] == "not_open") is (now.recalled is None)
    assert now.recalled is None or now.due_at == here.now + HOUR


@pytest.mark.parametrize("seed", SEEDS)
def test_accepted_twice_at_the_same_moment_it_is_handed_over_once(here: World, loan: str, seed: int) -> None:
    hand_over_loan.request(own(here.now, "p-1", "ask"), loan, to="p-2", condition=Condition.OK)
    told = at_once(
        here, seed, one=lambda: _accept(here, loan, "accept-1"), other=lambda: _accept(here, loan, "accept-2")
    )
    assert told["one"].id == told["other"].id
    assert [str(event.move) for event in here.events()] == ["taken", "hand_over"]


@pytest.mark.parametrize("seed", SEEDS)
def test_of_two_things_accepted_at_the_same_moment_no_more_than_the_allowance(
    here: World, loan: str, seed: int
) -> None:
    rules(replace(TERMS, allowance=Allowance(total=2)))
    beside(here, drill(2), number=2)
    hq = here.bank("hq-01")
    here.meet(person(3), "1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc")
    opened = hq.tap("1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc")
    hq.does(opened, "closed", tags=[])
    rules(replace(TERMS, allowance=Allowance(total=1)))
    for who, which in (("p-1", loan), ("p-3", opened.grant)):
        hand_over_loan.request(own(here.now, who, f"ask-{who}"), which, to="p-2", condition=Condition.OK)
    told = at_once(
        here,
        seed,
        one=lambda: _accept(here, loan, "accept-1"),
        other=lambda: _accept(here, opened.grant, "accept-2"),
    )
    refused = [each for each in told.values() if isinstance(each, str)]
    assert refused in (["allowance_reached"], ["lost_race"])
    assert len(here.person("p-2").holdings) == 1
