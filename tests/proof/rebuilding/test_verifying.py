"""Whatever is done to any one event, verifying names the asset and the event (threat 33)."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from tests.proof.rebuilding.damage import WAYS
from tests.proof.rebuilding.lender import Lender
from tests.proof.rebuilding.naming import event_keys, named_by
from tests.proof.rebuilding.targets import items, verdict
from tests.support.dynamo import Dynamo
from tests.support.world import world

ASSETS = 10
SAMPLE = 4  # events whose damage is looked for in the whole record, and not only in their own ledger


@pytest.fixture(scope="module")
def lender() -> Iterator[Dynamo]:
    with world(check=False, rules=False) as here:
        assert here.dynamo is not None
        Lender(here.dynamo, ASSETS, rounds=4).fill()
        yield here.dynamo


@pytest.mark.parametrize("way", WAYS)
def test_whichever_event_is_tampered_with_it_is_named(lender: Dynamo, way: Callable[..., Any]) -> None:
    whole = lender.snapshot()
    for key in event_keys(lender):
        way(items(lender, "ledger"), key)
        fault = named_by(key)
        lender.restore(whole)
        assert fault is not None, key
        assert fault.thing == f"asset {key[0].rsplit('#', 1)[1]}"
        assert str(int(key[1].removeprefix("EVENT#"))) in fault.why


def test_the_whole_record_is_searched_for_it(lender: Dynamo) -> None:
    whole = lender.snapshot()
    every = event_keys(lender)
    for way, key in product(WAYS, every[:: len(every) // SAMPLE]):
        way(items(lender, "ledger"), key)
        fault = verdict().fault
        lender.restore(whole)
        assert fault is not None, (way, key)
        assert fault.rule == "I2"
        assert fault.thing == f"asset {key[0].rsplit('#', 1)[1]}"
