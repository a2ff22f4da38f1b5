"""Times and durations in English, on the site's clock. Names are spelled out here: strftime's depend on the machine."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
A_WEEK = 7  # days; nearer ones are called by their weekday, and longer lateness is told in days alone


def length(duration: timedelta) -> str:
    """Return `2 hours 5 minutes`, `3 days 1 hour`, `12 days`: the two largest units, rounded down."""
    minutes = int(duration.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days >= A_WEEK:
        return _count(days, "day")
    units = ((days, "day"), (hours, "hour"), (minutes % 60 if not days else 0, "minute"))
    return " ".join(_count(amount, unit) for amount, unit in units if amount) or "less than a minute"


def when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return `today at 17:30`, within six days `on Thursday at 08:00`, else `on 5 November at 08:00`.

    The year is named where it is another one.
    """
    local, present = at.astimezone(zone), now.astimezone(zone)
    away = (local.date() - present.date()).days
    if away in NEAR:
        day = NEAR[away]
    elif abs(away) < A_WEEK:
        day = f"on {DAYS[local.weekday()]}"
    else:
        day = f"on {local.day} {MONTHS[local.month - 1]}" + (f" {local.year}" if local.year != present.year else "")
    return f"{day} at {local:%H:%M}"


def stamp(at: datetime, zone: ZoneInfo) -> str:
    """Return `Sat 21 Nov 2026, 17:30 CET`: nothing left to guess."""
    local = at.astimezone(zone)
    name = local.tzname() or ""
    zone_name = name if name.isalpha() else f"UTC{local:%z}"
    return f"{DAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1][:3]} {local:%Y, %H:%M} {zone_name}"


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
