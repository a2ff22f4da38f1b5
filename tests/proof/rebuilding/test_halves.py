"""A restore that has the last transactions in half: verifying finds it, rebuilding mends it (threat 35)."""

from collections.abc import Iterator
from random import Random

import pytest

from tests.proof.rebuilding.halves import Tape, a_busy_day, cut
from tests.proof.rebuilding.mending import mended
from tests.support.world import world

SEED = 3
CUTS = 6  # of each kind


@pytest.fixture(scope="module")
def tape() -> Iterator[Tape]:
    with world(check=False) as here:
        assert here.dynamo is not None
        tape = Tape(here.dynamo)
        here.dynamo.before.append(tape.before)
        a_busy_day(here, Random(SEED), steps=30)
        here.dynamo.before.clear()
        tape.drop_failed()
        yield tape


@pytest.mark.parametrize("lost", [False, True], ids=["older images", "lost items"])
def test_whatever_of_the_last_transactions_is_missing_is_found_and_mended(tape: Tape, *, lost: bool) -> None:
    whole = tape.dynamo.snapshot()
    for number in range(CUTS):
        cut(tape, Random(f"{SEED}.{number}"), lost=lost)
        outcome = mended(tape.dynamo)
        tape.dynamo.restore(whole)
        assert outcome.missed == [], number
        assert outcome.left == [], number
