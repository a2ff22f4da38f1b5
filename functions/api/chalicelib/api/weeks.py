"""Weekly hours as the API writes them: `{"mon": [["08:00", "12:00"], ["13:00", "18:00"]]}`, in local time."""

from datetime import time
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.web.fields import Clock, clock
from toolcrib.domain.policies import Hours, Week
from toolcrib.domain.refusals import Invalid

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # ISO weekdays 1 to 7

Window = Annotated[tuple[Clock, ...], msgspec.Meta(min_length=2, max_length=2)]  # from, to
Windows = Annotated[tuple[Window, ...], msgspec.Meta(max_length=10)]
WeekFields = dict[Day, Windows]


def to_week(name: str, written: WeekFields) -> Week:
    """Return the hours of a field `name`; raises `Invalid` for days that are named and have none, each of them."""
    if written and not any(written.values()):
        wrong = {name: "names days without any hours; leave it out for always"}
        raise Invalid(detail="the body does not fit", fields=wrong)
    return {
        str(DAYS.index(day) + 1): tuple(Hours(opens=clock(opens), closes=clock(closes)) for opens, closes in windows)
        for day, windows in written.items()
        if windows
    }


def week_fields(week: Week) -> dict[Any, Any]:
    """Return hours as they are written."""
    return {
        DAYS[int(day) - 1]: tuple((_text(each.opens), _text(each.closes)) for each in week[day]) for day in sorted(week)
    }


def _text(at: time) -> str:
    return f"{at:%H:%M}"
