"""What clients see has a legal order, whoever is served first at every call to the store; a careless store has not."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest

from tests.proof.linearizable.custody import Granted, MaybeGranted, NotOffered, Refused, Returned, Saw, Shut, Stated
from tests.proof.linearizable.floor import Floor
from tests.proof.linearizable.premises import premises
from tests.proof.linearizable.simulated import Made, history
from toolcrib.store import commit
from toolcrib.store.assets import load_asset

HISTORIES, OPERATIONS, CARELESS = 20, 10, 5
ENDED_OTHERWISE = (
    AssertionError,
    KeyError,
    ValueError,
)  # a person finds an empty door, a record names what is not there


@pytest.fixture(scope="module")
def floors() -> Iterator[Callable[[int], Floor]]:
    with premises() as made:
        yield made


def test_every_history_has_a_legal_order_and_a_record_that_does_not_contradict_itself(
    floors: Callable[[int], Floor],
) -> None:
    made = [history(floors, seed, operations=OPERATIONS) for seed in range(HISTORIES)]

    assert [each.illegal() for each in made] == [{}] * HISTORIES
    assert [each.violations for each in made] == [()] * HISTORIES
    assert sum(each.unknown for each in made) >= 0.02 * sum(each.asked for each in made)  # safety.md, G4
    assert _kinds(made) >= {Granted, MaybeGranted, NotOffered, Refused, Returned, Saw, Shut, Stated}


def test_the_same_seed_makes_the_same_history(floors: Callable[[int], Floor]) -> None:
    assert history(floors, 1, operations=20) == history(floors, 1, operations=20)


def test_a_store_that_puts_without_condition_is_found_out(floors: Callable[[int], Floor]) -> None:
    with patch.object(commit, "_put", lambda write, item, _version: write.save(item)):
        assert any(_wrong(floors, seed) for seed in range(CARELESS))


def test_a_store_that_reads_what_it_read_before_is_found_out(floors: Callable[[int], Floor]) -> None:
    known: dict[str, Any] = {}

    def sometimes_old(org: str, asset: str) -> Any:
        old, known[asset] = known.get(asset), load_asset(org, asset)
        return old or known[asset]

    with patch("chalicelib.flows.admin.assets.assets.load_asset", sometimes_old):
        assert any(_wrong(floors, seed) for seed in range(CARELESS))


def _wrong(floors: Callable[[int], Floor], seed: int) -> bool:
    try:
        return bool(history(floors, seed, operations=40).illegal())
    except ENDED_OTHERWISE:
        return False


def _kinds(made: list[Made]) -> set[type]:
    return {type(operation.call) for each in made for notes in each.notes.values() for operation in notes}
