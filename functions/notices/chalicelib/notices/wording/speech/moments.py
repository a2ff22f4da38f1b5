"""Times and durations as people say them, on the site's clock, in the reader's language.

Names of days and months are sentences of the catalogue: strftime's depend on the machine, and a library of every
language's dates would be thirty times as large as the function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolcrib.send.words.marks import counted, sentence

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from chalicelib.notices.wording.speech.speaking import Speech

NEAR: Final = {
    -1: sentence("yesterday at {time}"),
    0: sentence("today at {time}"),
    1: sentence("tomorrow at {time}"),
}
ON_A_DAY: Final = (
    sentence("on Monday at {time}"),
    sentence("on Tuesday at {time}"),
    sentence("on Wednesday at {time}"),
    sentence("on Thursday at {time}"),
    sentence("on Friday at {time}"),
    sentence("on Saturday at {time}"),
    sentence("on Sunday at {time}"),
)
DAYS: Final = (
    sentence("Mon"),
    sentence("Tue"),
    sentence("Wed"),
    sentence("Thu"),
    sentence("Fri"),
    sentence("Sat"),
    sentence("Sun"),
)
MONTHS: Final = (
    sentence("January"),
    sentence("February"),
    sentence("March"),
    sentence("April"),
    sentence("May"),
    sentence("June"),
    sentence("July"),
    sentence("August"),
    sentence("September"),
    sentence("October"),
    sentence("November"),
    sentence("December"),
)
THIS_YEAR: Final = sentence("on {day} {month} at {time}")
ANY_YEAR: Final = sentence("on {day} {month} {year} at {time}")
STAMP: Final = sentence("{weekday} {day} {month} {year}, {time} {zone}")
DURATIONS: Final = (
    counted("{count} day", "{count} days", by="count"),
    counted("{count} hour", "{count} hours", by="count"),
    counted("{count} minute", "{count} minutes", by="count"),
)
A_WEEK: Final = 7  # days; nearer ones are called by their weekday, and longer lateness is told in days alone


def length(speech: Speech, duration: timedelta) -> str:
    """Return `2 hours 5 minutes`, `3 days 1 hour`, `12 days`: the two largest units, rounded down."""
    minutes = int(duration.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    amounts = (days, hours if days < A_WEEK else 0, minutes % 60 if not days else 0)
    said = [speech.say(form, count=count) for form, count in zip(DURATIONS, amounts, strict=True) if count]
    return " ".join(said) or speech.say("less than a minute")


def when(speech: Speech, at: datetime) -> str:
    """Return `today at 17:30`, within six days `on Thursday at 08:00`, else `on 5 November at 08:00`.

    The year is named where it is another one.
    """
    local, present = at.astimezone(speech.zone), speech.now.astimezone(speech.zone)
    away, time = (local.date() - present.date()).days, f"{local:%H:%M}"
    if away in NEAR:
        return speech.say(NEAR[away], time=time)
    if abs(away) < A_WEEK:
        return speech.say(ON_A_DAY[local.weekday()], time=time)
    form = THIS_YEAR if local.year == present.year else ANY_YEAR
    return speech.say(form, day=local.day, month=speech.say(MONTHS[local.month - 1]), year=local.year, time=time)


def stamp(speech: Speech, at: datetime) -> str:
    """Return `Sat 21 November 2026, 17:30 CET`: nothing left to guess."""
    local = at.astimezone(speech.zone)
    name = local.tzname() or ""
    return speech.say(
        STAMP,
        weekday=speech.say(DAYS[local.weekday()]),
        day=local.day,
        month=speech.say(MONTHS[local.month - 1]),
        year=local.year,
        time=f"{local:%H:%M}",
        zone=name if name.isalpha() else f"UTC{local:%z}",
    )
