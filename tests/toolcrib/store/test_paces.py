"""The record of a place: written over what it was made from, and of no weight before its time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.tables import tables_in_memory
from tests.support.workplace import NOW, ORG
from toolcrib.domain.pacing import Pace
from toolcrib.domain.refusals import LostRace
from toolcrib.store.paces import CLOCKS_DIFFER, find_pace, save_pace

PLACE, SECOND = "slack#U0MAYA", timedelta(seconds=1)


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    with tables_in_memory():
        yield


def test_before_the_first_message_it_is_empty() -> None:
    assert find_pace(ORG, PLACE, NOW) == Pace()


def test_of_two_who_write_over_the_same_one_is_told_that_it_lost() -> None:
    save_pace(ORG, PLACE, Pace(free_at=NOW), NOW)
    found = find_pace(ORG, PLACE, NOW)
    save_pace(ORG, PLACE, found, NOW)
    with pytest.raises(LostRace):
        save_pace(ORG, PLACE, found, NOW)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=9)])
def test_what_a_moved_clock_has_written_binds_nobody_and_is_written_over(ahead: timedelta) -> None:
    """On the local stack time is moved: what was sent in an hour is no reason to wait until then."""
    then = NOW + ahead
    save_pace(ORG, PLACE, Pace(free_at=then, left_alone_until=then, told_at=then, again_at=then), then)
    found = find_pace(ORG, PLACE, NOW)
    assert found == Pace(version=1)
    save_pace(ORG, PLACE, found, NOW)
    assert find_pace(ORG, PLACE, NOW).version == 2


def test_clocks_that_differ_a_little_are_believed() -> None:
    save_pace(ORG, PLACE, Pace(told_at=NOW), NOW + CLOCKS_DIFFER)
    assert find_pace(ORG, PLACE, NOW).told_at == NOW
    assert find_pace(ORG, PLACE, NOW - SECOND).told_at is None
