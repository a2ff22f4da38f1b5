"""When to begin waiting for a moment that somebody has to be told of within seconds (product.md, E8).

EventBridge Scheduler starts a one-time schedule some time within its minute. So it is asked for the minute before, and
whoever it starts waits until the moment has come.
"""

from datetime import datetime, timedelta

from toolcrib.domain.ids import derived

MINUTE = timedelta(minutes=1)
LONGEST_WAIT = 2 * MINUTE  # from the earliest start to the moment
SOONEST = timedelta(seconds=10)  # a schedule has to be made before it can start


def start_for(moment: datetime, now: datetime) -> datetime | None:
    """Return the full minute at which to start waiting for `moment`; None where it is too close: start at once."""
    start = moment.replace(second=0, microsecond=0) - MINUTE
    return start if start - now >= SOONEST else None


def is_worth_it(moment: datetime, now: datetime) -> bool:
    """Whether waiting comes before the sweep that runs every minute anyway."""
    return moment > now - MINUTE


def name_of(org: str, loan: str, moment: datetime) -> str:
    """Return the schedule's name: asked for again it is the same."""
    return derived("once", org, loan, moment.isoformat())
