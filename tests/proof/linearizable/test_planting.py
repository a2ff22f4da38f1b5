"""What must not happen is flagged, wherever it is planted."""

from random import Random

import pytest

from tests.proof.linearizable import made_up
from tests.proof.linearizable.checker import Operation
from tests.proof.linearizable.custody import Call, judged
from tests.proof.linearizable.planting import PLANTS

HISTORIES, OPERATIONS = 60, 120
BAR = 0.99  # safety.md, G4


def _histories() -> list[list[Operation[Call]]]:
    chance = Random(3)
    return [made_up.history(chance, OPERATIONS, unknown=0.02) for _ in range(HISTORIES)]


def test_histories_that_are_legal_by_making_are_legal() -> None:
    assert all(judged(history, made_up.BEGINNING).legal for history in _histories())


@pytest.mark.parametrize("kind", PLANTS)
def test_what_is_planted_is_flagged(kind: str) -> None:
    chance = Random(4)
    planted = [PLANTS[kind](history, made_up.BEGINNING, chance) for history in _histories()]
    flagged = [not judged(each, made_up.BEGINNING).legal for each in planted if each is not None]

    assert len(flagged) > HISTORIES / 2
    assert sum(flagged) >= BAR * len(flagged)
