"""Moments on the site's clock, in the form of the reader's language."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from toolcrib.send.words.catalogues import catalogue
from toolcrib.send.words.marks import sentence
from toolcrib.send.words.reader import Reader

WEEKDAYS: Final = (
    sentence("Mon"),
    sentence("Tue"),
    sentence("Wed"),
    sentence("Thu"),
    sentence("Fri"),
    sentence("Sat"),
    sentence("Sun"),
)
MONTHS: Final = (
    sentence("Jan"),
    sentence("Feb"),
    sentence("Mar"),
    sentence("Apr"),
    sentence("May"),
    sentence("Jun"),
    sentence("Jul"),
    sentence("Aug"),
    sentence("Sep"),
    sentence("Oct"),
    sentence("Nov"),
    sentence("Dec"),
)
THIS_YEAR: Final = sentence("{weekday} {day} {month}, {time}")
ANY_YEAR: Final = sentence("{weekday} {day} {month} {year}, {time}")


def moment(at: datetime, reader: Reader) -> str:
    """Return `Fri 20 Nov, 17:30`, with the year where it is not the present one."""
    zone = ZoneInfo(reader.zone)
    local, present = at.astimezone(zone), reader.now.astimezone(zone)
    told = catalogue(reader.language).gettext
    return told(THIS_YEAR if local.year == present.year else ANY_YEAR).format(
        weekday=told(WEEKDAYS[local.weekday()]),
        day=local.day,
        month=told(MONTHS[local.month - 1]),
        year=local.year,
        time=f"{local:%H:%M}",
    )
