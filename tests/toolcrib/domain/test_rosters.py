"""Shifts give groups for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from toolcrib.domain.people import Person, Shift
from toolcrib.domain.rosters import groups_of, shift_end

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
EARLY = Shift(starts=AT, ends=AT + 8 * HOUR, groups=("drivers", "crew"))
EXTRA = Shift(starts=AT + 4 * HOUR, ends=AT + 10 * HOUR, groups=("cranes",))
ANA = Person(id="ana", name="Ana", groups=("crew",), shifts=(EARLY, EXTRA))

MOMENTS = [
    ("before", AT - SECOND, ("crew",), None),
    ("it begins", AT, ("crew", "drivers"), EARLY.ends),
    ("a second before the next begins", AT + 4 * HOUR - SECOND, ("crew", "drivers"), EARLY.ends),
    ("two at once", AT + 4 * HOUR, ("crew", "drivers", "cranes"), EXTRA.ends),
    ("the first is over", AT + 8 * HOUR, ("crew", "cranes"), EXTRA.ends),
    ("the last second", AT + 10 * HOUR - SECOND, ("crew", "cranes"), EXTRA.ends),
    ("all are over", AT + 10 * HOUR, ("crew",), None),
]


@pytest.mark.parametrize(("at", "groups", "ends"), [case[1:] for case in MOMENTS], ids=[case[0] for case in MOMENTS])
def test_a_shift_counts_from_its_beginning_up_to_its_end(
    at: datetime, groups: tuple[str, ...], ends: datetime | None
) -> None:
    assert (groups_of(ANA, at), shift_end(ANA, at)) == (groups, ends)


def test_whoever_is_on_no_roster_has_their_own_groups() -> None:
    assert groups_of(Person(id="bo", name="Bo", groups=("crew",)), AT) == ("crew",)
