"""Banks that fell silent, by their last word; what a look comes to is told once."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.schedules.watching import JAM_NOTICED, SILENT_AFTER, watch
from tests.support.workplace import NOW, bank
from toolcrib.domain.doors import BankState, Door
from toolcrib.domain.outages import Outage, OutageKind


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


def of(seen: Any) -> list[tuple[str, Any, Any]]:
    return [(str(each.kind), each.since, each.until) for each in seen.outages]


HOUR = timedelta(hours=1)
FULL_HOUSE = (Door(bank="hq-01", number=1, unlendable="quarantined"),)
FREE = (Door(bank="hq-01", number=1, size="M"),)


def test_a_silence_is_an_outage_from_the_last_word_to_the_look_that_finds_it_over() -> None:
    silent = look(last_seen_at=NOW - HOUR)
    assert of(silent) == [("silent", NOW - HOUR, None)]
    assert of(look(last_seen_at=NOW - HOUR, silent=True, outages=silent.outages)) == of(silent)
    assert of(look(last_seen_at=NOW, silent=False, outages=silent.outages)) == [("silent", NOW - HOUR, NOW)]


@pytest.mark.parametrize(("size", "over"), [(None, True), ("S", True), ("M", True), ("L", False)])
def test_a_full_bank_is_so_until_a_door_is_free_for_what_found_none(size: str | None, *, over: bool) -> None:
    full = (Outage(kind=OutageKind.FULL, since=NOW - HOUR, size=size),)
    assert of(look(doors=FREE, outages=full)) == [("full", NOW - HOUR, NOW if over else None)]
    assert of(look(doors=FULL_HOUSE, outages=full)) == [("full", NOW - HOUR, None)]


@pytest.mark.parametrize(("ago", "out"), [(JAM_NOTICED, False), (JAM_NOTICED - timedelta(seconds=1), True)])
def test_a_jam_is_an_outage_where_no_other_door_takes_anything(ago: timedelta, *, out: bool) -> None:
    jam = NOW - ago
    stuck = (Door(bank="hq-01", number=1, jams=(jam,), unlendable="quarantined"),)
    assert of(look(doors=stuck)) == ([("jammed", jam, None)] if out else [])
    assert of(look(doors=(*stuck, Door(bank="hq-01", number=2)))) == []


def test_a_silent_bank_is_asked_nothing_else() -> None:
    full = (Outage(kind=OutageKind.FULL, since=NOW - HOUR),)
    seen = look(last_seen_at=NOW - HOUR, doors=FREE, outages=full)
    assert of(seen) == [("full", NOW - HOUR, None), ("silent", NOW - HOUR, None)]
