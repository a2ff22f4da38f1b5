"""A loan whose people are told within seconds: whenever its next step is set, a start is arranged for that moment."""

from datetime import datetime

from chalicelib.schedules.one_shots import start_at, start_now
from toolcrib.domain.prompting import is_worth_it, name_of, start_for
from toolcrib.telemetry import record


def arrange(org: str, loan: str, moment: datetime, *, now: datetime) -> str:
    """Arrange that the agenda is drained at `moment`; returns what came of it. Asked again it comes to the same."""
    start = start_for(moment, now)
    if not is_worth_it(moment, now):
        outcome = "left_to_the_sweep"
    elif start is None:
        start_now(moment)
        outcome = "started"
    else:
        outcome = "arranged" if start_at(name_of(org, loan, moment), start, moment) else "arranged_before"
    record("tell_in_time", org=org, op=loan, outcome=outcome)
    return outcome
