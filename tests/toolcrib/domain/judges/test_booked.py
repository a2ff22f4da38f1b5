"""Rows 10 and 11: nobody can book or wait for a thing, so neither stands in the way of anybody."""

import pytest

from tests.support.judging import book, subject
from toolcrib.domain.judges.booked import queue, reservation
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.rules import Judge


@pytest.mark.parametrize("judge", [reservation, queue])
def test_rows_10_and_11_say_that_there_is_none(judge: Judge) -> None:
    assert judge(subject(), book()) == Finding(detail="none")
