"""Banks that fell silent, by their last word; what a look comes to is told once."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.workplace import NOW, bank
from toolcrib.domain.doors import BankState, Door
from toolcrib.domain.watching import SILENT_AFTER, watch


def look(**more: Any) -> Any:
    return watch(bank(**more), NOW)


@pytest.mark.parametrize(
    ("ago", "silent"), [(SILENT_AFTER, False), (SILENT_AFTER + timedelta(milliseconds=1), True), (timedelta(), False)]
)
def test_a_bank_is_silent_after_eleven_minutes(ago: timedelta, *, silent: bool) -> None:
    seen = look(last_seen_at=NOW - ago)
    assert (seen.silent, len(seen.cases)) == (silent, int(silent))


def test_a_silence_that_is_known_is_not_told_again() -> None:
    seen = look(last_seen_at=NOW - timedelta(hours=1), silent=True)
    assert (seen.silent, seen.cases) == (True, ())


@pytest.mark.parametrize("state", [BankState.PLANNED, BankState.REVOKED])
def test_a_bank_out_of_service_is_not_looked_at(state: BankState) -> None:
    assert look(state=state) is None


def test_numbers_of_doors_and_of_the_bank_itself_are_one_row() -> None:
    doors = (Door(bank="hq-01", number=1, seqs=((1, 2), (1, 4))),)
    seen = look(seqs=((1, 1), (1, 3)), doors=doors)
    assert (seen.checkpoint, seen.cases) == ((1, 4), ())


def test_a_long_gap_names_the_first_ten() -> None:
    seen = look(seqs=((1, 30),))
    assert seen.cases[0].detail.startswith("29 reports missing (boot/number): 1/1, 1/2, ")
    assert seen.cases[0].detail.count("/") == 11
