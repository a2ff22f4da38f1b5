"""When a bank could take nothing back, and how much lateness that excuses."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.workplace import NOW
from toolcrib.domain.outages import MOST_KEPT, Outage, OutageKind, begun, excused, over, running

HOUR = timedelta(hours=1)
SILENT, FULL, JAMMED = OutageKind.SILENT, OutageKind.FULL, OutageKind.JAMMED


def out(begin: float, end: float | None, kind: OutageKind = SILENT) -> Outage:
    """An outage, in hours after now."""
    return Outage(kind=kind, since=NOW + begin * HOUR, until=None if end is None else NOW + end * HOUR)


EXCUSES = [
    ("no outage excuses nothing", [], 0.0),
    ("one within the lateness excuses its length", [out(1, 2)], 1.0),
    ("what was over at the due time excuses nothing", [out(-2, 0)], 0.0),
    ("of one that ran at the due time only what came after counts", [out(-2, 0.5)], 0.5),
    ("of one that goes on what was until now counts", [out(3, None)], 1.0),
    ("one that begins now excuses nothing yet", [out(4, None)], 0.0),
    ("one after now excuses nothing", [out(5, 6)], 0.0),
    ("two apart count both", [out(0, 1), out(2, 3)], 2.0),
    ("two that overlap count once", [out(0, 2), out(1, 3, FULL)], 3.0),
    ("one within another counts once", [out(0, 3), out(1, 2, JAMMED)], 3.0),
    ("the order in which they were noted makes no difference", [out(2, 3), out(0, 1)], 2.0),
    ("one that covers everything excuses everything", [out(-1, None)], 4.0),
]


@pytest.mark.parametrize(("outages", "hours"), [case[1:] for case in EXCUSES], ids=[case[0] for case in EXCUSES])
def test_lateness_during_outages_is_excused(outages: list[Outage], hours: float) -> None:
    assert excused(outages, NOW, NOW + 4 * HOUR) == hours * HOUR


def test_before_it_is_due_there_is_nothing_to_excuse() -> None:
    assert excused([out(-9, 9)], NOW, NOW - HOUR) == timedelta()


MINUTES = st.integers(-300, 300).map(lambda minutes: NOW + timedelta(minutes=minutes))
OUTAGES = st.lists(
    st.builds(
        lambda begin, length, kind: Outage(kind=kind, since=begin, until=length and begin + timedelta(minutes=length)),
        MINUTES,
        st.none() | st.integers(0, 200),
        st.sampled_from(OutageKind),
    ),
    max_size=6,
)


@given(OUTAGES, MINUTES, MINUTES)
def test_nobody_is_excused_for_longer_than_they_are_late(outages: list[Outage], due: datetime, at: datetime) -> None:
    assert timedelta() <= excused(outages, due, at) <= max(at - due, timedelta())


@given(OUTAGES, MINUTES, MINUTES, st.integers(0, 100))
def test_the_clock_of_a_late_loan_never_goes_back(
    outages: list[Outage], due: datetime, at: datetime, more: int
) -> None:
    later = at + timedelta(minutes=more)
    assert at - excused(outages, due, at) <= later - excused(outages, due, later)


def test_one_outage_of_a_kind_goes_on_at_a_time() -> None:
    one = begun((), out(0, None))
    assert begun(one, out(1, None)) == one
    both = begun(one, out(1, None, FULL))
    assert running(both, FULL) == out(1, None, FULL)
    assert over(both, SILENT, NOW + 2 * HOUR) == (out(0, 2), out(1, None, FULL))


def test_what_is_over_is_not_ended_again_and_never_before_it_began() -> None:
    assert over((out(0, 1),), SILENT, NOW + 2 * HOUR) == (out(0, 1),)
    assert over((out(0, None),), SILENT, NOW - HOUR) == (out(0, 0),)
    assert running((out(0, 1),), SILENT) is None


def test_a_bank_remembers_a_bounded_number_of_outages() -> None:
    outages: tuple[Outage, ...] = ()
    for hour in range(MOST_KEPT + 5):
        outages = over(begun(outages, out(hour, None)), SILENT, NOW + (hour + 0.5) * HOUR)
    assert len(outages) == MOST_KEPT
    assert outages[-1] == out(MOST_KEPT + 4, MOST_KEPT + 4.5)
