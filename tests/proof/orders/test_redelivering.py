"""The short form: a handful of real redeliveries through a real broker; `long.py` waits for a hundred."""

from pathlib import Path

from tests.proof.orders.redelivering import weathered

FEW = 5


def test_what_a_real_broker_delivers_again_changes_nothing(tmp_path: Path) -> None:
    came_to = weathered(tmp_path, FEW, seed=8)
    assert came_to.redelivered >= FEW
    assert (came_to.ends, came_to.as_it_is) == (1, True)
