"""ISO 8601 durations as people write them: `PT30M`, `-PT2H`, `P1DT2H`, `PT0S`.

msgspec reads durations at the edges, but writes `-PT1800S` and `P0D`; a notice's step and the API's durations are
compared and read by people, so there is one canonical text here. Reading stays with msgspec.
"""

from datetime import timedelta

SECONDS_PER_HOUR, SECONDS_PER_MINUTE = 3600, 60


def iso(value: timedelta) -> str:
    """Return the canonical text of `value`: days, hours, minutes, seconds; no months, years or weeks.

    A day is 24 h, so `PT24H` and `P1D` are the same duration and both read `P1D`. Fractions go down to microseconds.
    """
    sign, length = ("-", -value) if value < timedelta() else ("", value)
    hours, rest = divmod(length.seconds, SECONDS_PER_HOUR)
    minutes, seconds = divmod(rest, SECONDS_PER_MINUTE)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    clock = "".join(
        f"{amount}{unit}"
        for amount, unit in ((hours, "H"), (minutes, "M"), (f"{seconds}{fraction}", "S"))
        if amount not in {0, "0"}
    )
    days = f"{length.days}D" if length.days else ""
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}{'T' if clock else ''}{clock}"
