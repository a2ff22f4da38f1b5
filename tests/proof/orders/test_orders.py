"""The short form of G8: every order of one story, some orders of all; `long.py` takes every order of all."""

from random import Random

import pytest

from tests.proof.orders.exploring import ends_of_some, explored
from tests.proof.orders.traces import TRACES

WHOLE = next(trace for trace in TRACES if trace.name == "nobody came" and trace.evidence == "tags")
SOME, COPIES = 2, 2


def test_every_order_of_a_story_ends_in_one_record() -> None:
    came_to = explored(WHOLE, copies=False)
    assert (came_to.orders, came_to.ends, came_to.differing) == (40_320, 1, "")


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: f"{trace.name}, {trace.evidence}")
def test_some_orders_of_every_story_with_copies_end_in_one_record(trace: object) -> None:
    assert len(ends_of_some(trace, SOME, COPIES, Random(8))) == 1
