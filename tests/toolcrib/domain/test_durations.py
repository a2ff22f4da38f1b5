"""Durations read the way people write them, and read back to the same length."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolcrib.domain.durations import iso

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

TEXTS = {
    "PT0S": timedelta(),
    "PT30M": timedelta(minutes=30),
    "-PT30M": timedelta(minutes=-30),
    "PT59S": timedelta(seconds=59),
    "PT1M": timedelta(seconds=60),
    "PT1M1S": timedelta(seconds=61),
    "PT59M59S": timedelta(seconds=3599),
    "PT1H": timedelta(hours=1),
    "PT2H30M": timedelta(hours=2, minutes=30),
    "PT23H59M59S": timedelta(seconds=86399),
    "P1D": timedelta(hours=24),
    "P1DT2H": timedelta(days=1, hours=2),
    "P1DT1S": timedelta(days=1, seconds=1),
    "-P1DT12H": timedelta(hours=-36),
    "P7D": timedelta(weeks=1),
    "PT1.5S": timedelta(seconds=1.5),
    "PT0.000001S": timedelta(microseconds=1),
    "PT10S": timedelta(seconds=10),
    "-PT0.25S": timedelta(milliseconds=-250),
}


@pytest.mark.parametrize(("text", "length"), TEXTS.items())
def test_a_duration_has_one_canonical_text(text: str, length: timedelta) -> None:
    assert iso(length) == text
    assert msgspec.convert(text, timedelta) == length


@settings(STEADY)
@given(st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000)))
def test_what_is_written_is_read_back_as_the_same_length(length: timedelta) -> None:
    assert msgspec.convert(iso(length), timedelta) == length
