"""From the ledger alone: state that is lost, old or set by hand comes out of a rebuild as it was, to the byte."""

from collections.abc import Iterator

import pytest

from tests.proof.rebuilding.damage import forget_custody
from tests.proof.rebuilding.lender import Lender
from tests.proof.rebuilding.targets import TARGET, items, rebuild, rebuilt, verdict
from tests.support.dynamo import Dynamo
from tests.support.world import world

MANY = 200
FEW = 40


@pytest.fixture
def lender(request: pytest.FixtureRequest) -> Iterator[Dynamo]:
    with world(check=False, rules=False) as here:
        assert here.dynamo is not None
        Lender(here.dynamo, getattr(request, "param", FEW), rounds=2).fill()
        yield here.dynamo


def test_what_is_whole_comes_out_as_it_is(lender: Dynamo) -> None:
    assert verdict().fault is None
    plan, _ = rebuild(lender)
    assert (plan.notes, dict(plan.events), len(plan.assets)) == ([], {}, FEW)
    assert items(lender, TARGET.state) == items(lender, "state")
    assert items(lender, TARGET.ledger) == items(lender, "ledger")


@pytest.mark.parametrize("lender", [MANY], indirect=True)
def test_custody_comes_from_the_ledger_alone(lender: Dynamo) -> None:
    whole = lender.snapshot()
    forget_custody(lender)
    damaged = lender.snapshot()
    assert verdict().fault is not None
    plan, _ = rebuild(lender)
    assert plan.notes == []
    assert lender.snapshot()["state"] == damaged["state"]
    with rebuilt(lender):
        assert verdict().fault is None
        for key, item in whole["state"].items():
            counted = {"version"} if key[1].startswith(("DOOR#", "PROFILE")) or key[1] == "LOAN" else set()
            made = items(lender, "state")[key]
            assert {name: made[name] for name in made.keys() - counted} == {
                name: item[name] for name in item.keys() - counted
            }


def test_a_rebuild_that_broke_off_goes_on_where_it_was(lender: Dynamo) -> None:
    calls = iter(range(20))

    def breaks_off(operation: str, request: object) -> None:
        if operation == "TransactWriteItems" and next(calls, None) is None:
            raise KeyboardInterrupt

    lender.before.append(breaks_off)
    with pytest.raises(KeyboardInterrupt):
        rebuild(lender)
    lender.before.clear()
    _, written = rebuild(lender, target=TARGET)
    assert 0 < written["assets there already"] < FEW
    assert items(lender, TARGET.state) == items(lender, "state")
    assert items(lender, TARGET.ledger) == items(lender, "ledger")
