"""What several processes see over real HTTP and MQTT has a legal order. The long form is `make prove`."""

import pytest

from tests.journeys.corner import Corner
from tests.proof.linearizable.over_ministack import hall

pytestmark = pytest.mark.journey

HISTORIES = 2


def test_what_a_bank_and_two_administrators_see_has_a_legal_order(corner: Corner) -> None:
    with hall(corner) as here:
        made = [here.history(seed) for seed in range(HISTORIES)]

    assert [verdict.legal for _, verdict in made] == [True] * HISTORIES
