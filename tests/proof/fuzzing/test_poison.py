import pytest

from tests.proof.fuzzing.poison import BATCH, tried

EXAMPLES = 60


def test_a_poison_record_blocks_none_of_its_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    seen = tried(EXAMPLES, repeatable=True)
    assert seen.poisoned > EXAMPLES // 3
    assert (seen.blocked, seen.applied, seen.set_aside) == (0, seen.poisoned * (BATCH - 1), seen.poisoned)
