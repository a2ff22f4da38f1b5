"""What makes no sense in a policy although each field has the right form: which one, and what would be right."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import msgspec

from chalicelib.api.policy_fields import END_OF_SHIFT, RIGHT_PERIOD, ZERO, PolicyFields, StepFields, Until
from toolcrib.domain.assets import MAX_LOAN
from toolcrib.domain.durations import iso
from toolcrib.domain.ladder import MAX_OCCURRENCES, times
from toolcrib.domain.policies import Step

SHORTEST_REPEAT: Final = timedelta(minutes=1)  # the sweeper runs once a minute

Wrong = Iterator[tuple[str, str]]


def wrong(fields: PolicyFields) -> Wrong:
    """Yield the path of each field that makes no sense, with what would be right."""
    authorisers = fields.authorisers
    yield from _period(fields.loan_period)
    for name, value in _lengths(fields):
        if value is not None and not ZERO < value <= MAX_LOAN:
            yield name, f"is {iso(value)}; it has to be longer than 0 and up to {MAX_LOAN.days} days, as in PT8H"
    for name, value in _spans(fields):
        if value is not None and not ZERO <= value <= MAX_LOAN:
            yield name, f"is {iso(value)}; it has to be from 0 to {MAX_LOAN.days} days, as in PT15M"
    if len(set(authorisers.on)) != len(authorisers.on):
        yield "authorisers.on", "names a moment twice; take, return, or both once"
    if authorisers.group is not None and not authorisers.count:
        yield "authorisers.group", "is named although nobody is asked; give a count of 1 to 3, or leave the group out"
    if fields.renewals.window is not None and not fields.renewals.max:
        yield "renewals.window", "is given although nothing can be renewed; give a max of 1 or more, or leave it out"
    yield from _ladder(fields.ladder)


def _period(written: str | Until) -> Wrong:
    if isinstance(written, Until) or written == END_OF_SHIFT:
        return
    after = duration(written)
    if after is None:
        yield "loan_period", f"is not {RIGHT_PERIOD}"
    elif not ZERO < after <= MAX_LOAN:
        yield "loan_period", f"is {iso(after)}; it has to be longer than 0 and up to {MAX_LOAN.days} days, as in PT8H"


def _lengths(fields: PolicyFields) -> Iterator[tuple[str, timedelta | None]]:
    """Yield the durations that would mean nothing if they were 0."""
    yield "curfew.after", fields.curfew.after
    yield "lost_after", fields.lost_after
    late = fields.blocks.late_returns
    if late is not None:
        yield "blocks.late_returns.within", late.within
        yield "blocks.late_returns.suspension", late.suspension


def _spans(fields: PolicyFields) -> Iterator[tuple[str, timedelta | None]]:
    """Yield the durations that may be 0."""
    yield "grace", fields.grace
    yield "renewals.window", fields.renewals.window
    yield "recall.notice", fields.recall.notice
    yield "recall.guaranteed_minimum", fields.recall.guaranteed_minimum
    yield "blocks.overdue_after", fields.blocks.overdue_after


def _ladder(ladder: tuple[StepFields, ...]) -> Wrong:
    for number, step in enumerate(ladder):
        if abs(step.offset) > MAX_LOAN:
            yield f"ladder[{number}].offset", f"is more than {MAX_LOAN.days} days away from the due time"
        if step.repeat is None:
            continue
        if step.repeat.every < SHORTEST_REPEAT:
            yield f"ladder[{number}].repeat.every", "is shorter than PT1M, the shortest there is"
        elif times(_step(step)) > MAX_OCCURRENCES:
            least = f"at most {MAX_OCCURRENCES} times are told: make every longer or until shorter"
            yield f"ladder[{number}].repeat", f"repeats too often; {least}"


def _step(step: StepFields) -> Step:
    return msgspec.convert(step, Step, from_attributes=True)


def duration(text: str) -> timedelta | None:
    """Return a duration, None for a text that is none."""
    try:
        return msgspec.convert(text, timedelta)
    except msgspec.ValidationError:
        return None
