"""The protocol holds in every state of its model; each naive variant of it does not."""

from pathlib import Path

import pytest

from tests.proof.model.checking import MODEL, NAIVE, Bounds, check

SHORT = Bounds(cuts=1, copies=1, queue=1)
MOST_LINES = 120  # what can be read in five minutes


def test_no_crash_no_copy_no_loss_and_no_power_cut_breaks_it(tmp_path: Path) -> None:
    checked = check(SHORT, tmp_path)
    assert checked.violated is None
    assert checked.whole
    assert checked.states > 500_000


@pytest.mark.parametrize(("naive", "shows"), NAIVE.items())
def test_a_naive_variant_fails(tmp_path: Path, naive: str, shows: str) -> None:
    checked = check(SHORT, tmp_path, naive)
    assert checked.violated is not None
    assert shows in checked.violated


def test_it_can_be_read_in_five_minutes() -> None:
    assert len(MODEL.read_text().splitlines()) < MOST_LINES
